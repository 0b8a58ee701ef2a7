using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentOperator.EndToEnd.Edges;

/// <summary>What the operator's replicas log about reconciles that fail.</summary>
internal sealed partial class OperatorLog
{
    private readonly TestCluster _cluster;
    private readonly DateTimeOffset _since;

    private OperatorLog(TestCluster cluster, DateTimeOffset since) => (_cluster, _since) = (cluster, since);

    /// <summary>The log from now on.</summary>
    public static OperatorLog FromNow(TestCluster cluster) => new(cluster, TimeProvider.System.GetUtcNow());

    /// <summary>How often reconciling an object failed for one reason. Lost races with other writers are no failures.</summary>
    public async Task<IReadOnlyList<(string Object, string Reason, int Count)>> FailuresAsync()
    {
        var text = await _cluster.Kubectl.RunAsync(
            [
                "logs",
                "--namespace",
                TestCluster.OperatorNamespace,
                "--selector",
                "app.kubernetes.io/name=agent-operator",
                "--tail=-1",
                $"--since-time={_since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
            ]);
        return
        [
            .. from line in text.Split('\n')
               where line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal)
               let logged = JsonElement.Parse(line)
               let failure = Failure().Match(logged.GetProperty("@m").GetString()!)
               where failure.Success
               let reason = $"{failure.Groups["what"].Value} {failure.Groups["why"].Value}{CauseOf(logged)}"
               group failure by (Object: $"{failure.Groups["controller"].Value} {failure.Groups["name"].Value}", Reason: reason) into alike
               select (alike.Key.Object, alike.Key.Reason, alike.Count()),
        ];
    }

    private static string CauseOf(JsonElement logged) =>
        logged.TryGetProperty("@x", out var exception) ? exception.GetString()!.Split('\n')[0] : "";

    /// <summary>A failure of a controller, without the pause, which differs from try to try.</summary>
    [GeneratedRegex(
        """^"(?<controller>[^"]+)" "(?<name>[^"]+)": (?<what>failed|the API server refused|not finished)(?:.*?[0-9]: (?<why>.*))?""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Failure();
}
