using System.Text.RegularExpressions;

namespace AgentOperator.Testing;

/// <summary>The API versions that a server serves.</summary>
internal sealed partial class ApiVersions
{
    private readonly IReadOnlyList<(string Group, string Version)> _served;

    private ApiVersions(IReadOnlyList<(string Group, string Version)> served) => _served = served;

    /// <summary>Reads what <c>kubectl api-versions</c> prints.</summary>
    public static ApiVersions Parse(string lines) => new(
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split('/'))
            .Select(parts => parts is [var group, var version] ? (group, version) : ("", parts[0]))]);

    /// <summary>The most stable version of a group, and the newest of those: v1 before v1beta3 before v1beta2 before v1alpha1.</summary>
    /// <exception cref="InvalidOperationException">The server does not serve the group.</exception>
    public string Newest(string group)
    {
        var versions = _served.Where(served => served.Group == group).Select(served => served.Version).OrderByDescending(Rank).ToList();
        return versions is [var newest, ..] ? newest : throw new InvalidOperationException($"The server does not serve the API group '{group}'.");
    }

    private static (int Stability, int Major, int Minor) Rank(string version)
    {
        var parts = Version().Match(version);
        var stability = parts.Groups["stage"].Value switch { "" => 2, "beta" => 1, _ => 0 };
        return parts.Success ? (stability, Number(parts.Groups["major"]), Number(parts.Groups["minor"])) : (-1, 0, 0);
    }

    private static int Number(Group digits) => digits.Success ? int.Parse(digits.Value, System.Globalization.CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^v(?<major>[0-9]+)(?:(?<stage>alpha|beta)(?<minor>[0-9]+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
