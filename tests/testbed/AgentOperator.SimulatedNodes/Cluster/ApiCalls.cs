using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>How often the API server was called, by what it counts itself: <c>apiserver_request_total</c>.</summary>
internal sealed partial class ApiCalls
{
    private readonly IReadOnlyDictionary<ApiCall, long> _counts;

    private ApiCalls(IReadOnlyDictionary<ApiCall, long> counts) => _counts = counts;

    /// <summary>Reads the counters as they are now.</summary>
    public static async Task<ApiCalls> ReadAsync(ApiServer api)
    {
        var counts = new Dictionary<ApiCall, long>();
        foreach (var (text, value) in Metrics.Parse(await api.GetTextAsync("metrics")).Of("apiserver_request_total"))
        {
            var labels = Label().Matches(text)
                .ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value);
            var call = new ApiCall(
                labels.GetValueOrDefault("verb", ""),
                labels.GetValueOrDefault("resource", ""),
                labels.GetValueOrDefault("subresource", ""),
                int.TryParse(labels.GetValueOrDefault("code"), CultureInfo.InvariantCulture, out var code) ? code : 0);
            counts[call] = counts.GetValueOrDefault(call) + (long)value;
        }

        return new ApiCalls(counts);
    }

    /// <summary>What was called after an earlier reading.</summary>
    public ApiCalls Since(ApiCalls earlier) => new(
        _counts.Select(count => (count.Key, Value: count.Value - earlier._counts.GetValueOrDefault(count.Key)))
            .Where(count => count.Value != 0)
            .ToDictionary(count => count.Key, count => count.Value));

    /// <summary>How many calls there are of a kind.</summary>
    public long Count(Func<ApiCall, bool> kind) => _counts.Where(count => kind(count.Key)).Sum(count => count.Value);

    /// <summary>A line for each kind of call, the most frequent first.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        _counts.OrderByDescending(count => count.Value).Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value,8} {count.Key}")));

    [GeneratedRegex("""(?<name>\w+)="(?<value>[^"]*)"(?:,|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
