using System.Text.RegularExpressions;

namespace AgentOperator.Testing.FakeApi;

/// <summary>The parts of an API path.</summary>
internal sealed partial record FakePath(string Resource, string Namespace, string Name, bool IsStatus)
{
    public static FakePath? Parse(string path)
    {
        var match = Pattern().Match(path);
        return match.Success
            ? new FakePath(
                $"{match.Groups["prefix"].Value}/{match.Groups["plural"].Value}", match.Groups["namespace"].Value, match.Groups["name"].Value,
                match.Groups["status"].Success)
            : null;
    }

    [GeneratedRegex("^/(?<prefix>api/v1|apis/[^/]+/[^/]+)(/namespaces/(?<namespace>[^/]+))?/(?<plural>[a-z]+)(/(?<name>[^/]+)(?<status>/status)?)?$")]
    private static partial Regex Pattern();
}
