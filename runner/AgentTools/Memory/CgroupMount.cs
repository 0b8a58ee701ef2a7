namespace AgentTools;

/// <summary>A control-group line of <c>/proc/self/mountinfo</c>.</summary>
/// <param name="Root">Which group the mount shows at its root.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="IsVersion2">Whether it is the unified hierarchy.</param>
/// <param name="IsVersion1Memory">Whether it is version 1's memory hierarchy.</param>
internal sealed record CgroupMount(string Root, string Point, bool IsVersion2, bool IsVersion1Memory)
{
    /// <summary>Parses a line; null when it is no control group's.</summary>
    public static CgroupMount? Parse(string line)
    {
        // 36 35 98:0 /root /point rw,noatime master:1 - type source options
        var halves = line.Split(" - ", 2);
        var left = halves[0].Split(' ');
        var right = halves.Length == 2 ? halves[1].Split(' ') : [];
        if (left.Length < 5 || right.Length < 3 || right[0] is not ("cgroup" or "cgroup2"))
        {
            return null;
        }

        var root = left[3] == "/" ? "" : left[3];
        return new CgroupMount(root, left[4], right[0] == "cgroup2", right[0] == "cgroup" && right[2].Split(',').Contains("memory"));
    }
}
