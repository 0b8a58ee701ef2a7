using AgentTools;


namespace AgentRunner.Tests.Memory;

internal sealed class MemoryCgroupTests
{

    private DirectoryInfo _root = null!;

    [SetUp]
    public void CreateRoot() => _root = Directory.CreateTempSubdirectory("cgroup-");

    [TearDown]
    public void DeleteRoot() => _root.Delete(recursive: true);

    [TestCase("/kubepods/pod1/c1", "/", "sys/fs/cgroup/memory/kubepods/pod1/c1", TestName = "Version1_OnTheHost")]
    [TestCase("/kubepods/pod1/c1", "/kubepods/pod1/c1", "sys/fs/cgroup/memory", TestName = "Version1_InAContainer")]
    [TestCase("/", "/", "sys/fs/cgroup/memory", TestName = "Version1_InACgroupNamespace")]
    public void Version1_IsFoundAndRead(string group, string mountRoot, string folder)
    {
        Write("proc/self/cgroup", $"9:cpu,cpuacct:/x\n4:memory:{group}\n0::/\n");
        Write("proc/self/mountinfo", $"22 1 8:1 / / rw - ext4 /dev/sda rw\n{Version1Mount(mountRoot)}\n");
        Write($"{folder}/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        Write($"{folder}/memory.limit_in_bytes", "67108864\n");
        Write($"{folder}/memory.max_usage_in_bytes", "67104768\n");

        Assert.That(MemoryCgroup.Find(_root.FullName)?.Read(), Is.EqualTo(new MemoryCounters(2, 67108864, 67104768)));
    }

    [TestCase("/kubepods.slice/c1", "/", "sys/fs/cgroup/kubepods.slice/c1", TestName = "Version2_OnTheHost")]
    [TestCase("/", "/", "sys/fs/cgroup", TestName = "Version2_InACgroupNamespace")]
    [TestCase("/../../c1", "/", "sys/fs/cgroup", TestName = "Version2_GroupOutsideTheNamespace")]
    public void Version2_IsFoundAndRead(string group, string mountRoot, string folder)
    {
        Write("proc/self/cgroup", $"0::{group}\n");
        Write("proc/self/mountinfo", Version2Mount(mountRoot) + "\n");
        Write($"{folder}/memory.events", "low 0\nhigh 0\nmax 5\noom 1\noom_kill 1\noom_group_kill 0\n");
        Write($"{folder}/memory.max", "max\n");

        Assert.That(MemoryCgroup.Find(_root.FullName)?.Read(), Is.EqualTo(new MemoryCounters(1, null, null)));
    }

    [Test]
    public void Version1_WithoutALimit_HasNone()
    {
        Write("proc/self/cgroup", "4:memory:/\n");
        Write("proc/self/mountinfo", Version1Mount("/") + "\n");
        Write("sys/fs/cgroup/memory/memory.oom_control", "oom_kill 0\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        Assert.That(MemoryCgroup.Find(_root.FullName)?.Read()?.LimitBytes, Is.Null);
    }

    [Test]
    public void None_IsNoFailure()
    {
        Assert.That(MemoryCgroup.Find(_root.FullName), Is.Null);
        Write("proc/self/cgroup", "0::/\n");
        Write("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda rw\n");
        Assert.That(MemoryCgroup.Find(_root.FullName), Is.Null);
    }

    private static string Version1Mount(string mountRoot) =>
        $"30 24 0:27 {mountRoot} /sys/fs/cgroup/memory rw,nosuid shared:11 - cgroup cgroup rw,memory";

    private static string Version2Mount(string mountRoot) => $"35 24 0:30 {mountRoot} /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw";

    private void Write(string path, string content)
    {
        var file = new FileInfo(Path.Combine(_root.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, content);
    }
}
