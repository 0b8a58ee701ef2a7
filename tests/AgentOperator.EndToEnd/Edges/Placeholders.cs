using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentOperator.EndToEnd.Edges;

/// <summary>Fills in what a file cannot hold: long texts, and what is known only in the cluster.</summary>
/// <param name="scenario">The scenario that the runs play.</param>
/// <param name="uidOf">The UID of an object that was created before, by <c>KIND/NAME</c>.</param>
internal sealed partial class Placeholders(string scenario, Func<string, string> uidOf)
{
    private const string Small =
        """{"requests": {"cpu": "10m", "memory": "48Mi", "ephemeral-storage": "4Mi"}, "limits": {"memory": "128Mi"}}""";

    public string FillIn(string text) => Placeholder().Replace(text, match => (match.Groups["name"].Value, match.Groups["given"].Value) switch
    {
        ("scenario", _) => scenario,
        ("model", _) => $$"""{"endpointRef": {"name": "{{Specs.Endpoint}}"}, "name": "{{scenario}}"}""",
        ("small", _) => Small,
        ("model-server", _) => ModelServer.BaseUrl,
        ("key", _) => TestCluster.ModelKey,
        ("uid", var of) => uidOf(of),
        ("uid8", var of) => uidOf(of)[..8],
        (_, var repeated) => Repeat(repeated),
    });

    private static string Repeat(string given)
    {
        var count = int.Parse(given[(given.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        return new StringBuilder().Insert(0, given[..given.LastIndexOf(' ')], count).ToString();
    }

    [GeneratedRegex(@"\$\((?<name>scenario|model-server|model|small|key|uid8|uid|repeat)(?: (?<given>[^)]+))?\)", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
