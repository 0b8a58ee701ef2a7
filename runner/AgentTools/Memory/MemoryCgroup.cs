using System.Globalization;

namespace AgentTools;

/// <summary>The memory control group of this process, version 1 or 2, found where a container or a host mounts it.</summary>
public sealed class MemoryCgroup : IMemoryMonitor
{
    /// <summary>Version 1 writes "no limit" as a number near 2^63, rounded to pages.</summary>
    private const long Unlimited = 1L << 60;

    private readonly string _folder;
    private readonly bool _isVersion2;

    private MemoryCgroup(string folder, bool isVersion2)
    {
        _folder = folder;
        _isVersion2 = isVersion2;
    }

    /// <summary>Finds it.</summary>
    /// <param name="root">The root of the file system: <c>/</c>, but for tests.</param>
    /// <returns>Null when there is none.</returns>
    public static MemoryCgroup? Find(string root)
    {
        try
        {
            var groups = File.ReadAllLines(Path.Combine(root, "proc/self/cgroup"))
                .Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToList();
            var mounts = File.ReadAllLines(Path.Combine(root, "proc/self/mountinfo")).Select(CgroupMount.Parse).OfType<CgroupMount>().ToList();
            var memory = groups.FirstOrDefault(parts => parts[1].Split(',').Contains("memory"))?[2];
            return Find(root, mounts.Where(mount => mount.IsVersion1Memory), memory, "memory.oom_control", false)
                ?? Find(root, mounts.Where(mount => mount.IsVersion2), groups.FirstOrDefault(parts => parts[0] == "0")?[2], "memory.events", true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public MemoryCounters? Read()
    {
        try
        {
            var kills = Field(_isVersion2 ? "memory.events" : "memory.oom_control", "oom_kill ");
            var limit = Number(_isVersion2 ? "memory.max" : "memory.limit_in_bytes");
            var peak = Number(_isVersion2 ? "memory.peak" : "memory.max_usage_in_bytes");
            return kills is null ? null : new MemoryCounters(kills.Value, limit >= Unlimited ? null : limit, peak);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static MemoryCgroup? Find(string root, IEnumerable<CgroupMount> mounts, string? group, string file, bool isVersion2)
    {
        foreach (var mount in mounts)
        {
            // In a container the mount shows the container's own group at its root, whatever the host calls it.
            var inside = group?.StartsWith(mount.Root, StringComparison.Ordinal) == true ? group[mount.Root.Length..] : group;
            string[] candidates = [Join(root, mount.Point, inside), Join(root, mount.Point, group), Join(root, mount.Point, null)];
            if (candidates.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, file))) is { } found)
            {
                return new MemoryCgroup(found, isVersion2);
            }
        }

        return null;
    }

    private static string Join(string root, string mount, string? group) => Path.Combine(root, mount.TrimStart('/'), (group ?? "").Trim('/'));

    private long? Number(string file)
    {
        var path = Path.Combine(_folder, file);
        return File.Exists(path)
            && long.TryParse(File.ReadAllText(path).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private long? Field(string file, string prefix) =>
        File.ReadLines(Path.Combine(_folder, file)).FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture)
            : null;
}
