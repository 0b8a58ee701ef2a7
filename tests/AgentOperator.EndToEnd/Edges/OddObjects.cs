using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentOperator.EndToEnd.Edges;

/// <summary>
/// The objects of the odd manifests. They are sent to the API server as they are, since kubectl checks and repairs some of what a program may send.
/// </summary>
internal sealed partial class OddObjects
{
    private readonly TestCluster _cluster;
    private readonly string _namespace;
    private readonly Placeholders _placeholders;
    private readonly Dictionary<string, string> _uids = [];
    private readonly List<OddObject> _objects = [];

    /// <param name="cluster">The cluster.</param>
    /// <param name="ns">Where they are created.</param>
    /// <param name="scenario">What their runs play.</param>
    public OddObjects(TestCluster cluster, string ns, string scenario)
    {
        (_cluster, _namespace) = (cluster, ns);
        _placeholders = new Placeholders(scenario, of => _uids[of]);
    }

    /// <summary>Creates them, one after the other.</summary>
    public async Task CreateAsync(IEnumerable<OddManifest> manifests)
    {
        foreach (var manifest in manifests)
        {
            var text = _placeholders.FillIn(manifest.Text);
            var identity = Identity().Match(text);
            var (kind, name) = (Kind().Match(text).Groups["kind"].Value, identity.Groups["name"].Value);
            var (uid, refusal) = await CreateAsync(kind, text);
            if (uid is not null)
            {
                _uids[$"{kind}/{name}"] = uid;
            }

            _objects.Add(new OddObject(manifest, kind, name, uid, refusal));
        }
    }

    /// <summary>Waits until everything is as expected.</summary>
    /// <returns>What is not.</returns>
    public async Task<IReadOnlyList<string>> SettleAsync(TimeSpan deadline)
    {
        // A run that waits for a server tries it now and then.
        IReadOnlyList<(OddObject Object, string Mismatch)> open = [.. _objects.Select(known => (known, ""))];
        try
        {
            await Eventually.TrueAsync(
                "the odd manifests to be as expected",
                async () => (open = await FindMismatchesAsync([.. open.Select(mismatch => mismatch.Object)])).Count == 0,
                deadline);
        }
        catch (TimeoutException)
        {
            // The mismatches say what was waited for.
        }

        return [.. open.Select(mismatch => mismatch.Mismatch)];
    }

    /// <summary>What was as expected and stayed so.</summary>
    /// <returns>What did not stay so.</returns>
    public async Task<IReadOnlyList<string>> FindChangesAsync()
    {
        var lasting = _objects.Where(known => known.Expected.Count > 0 && known.Expected.All(expected => expected.IsLasting));
        return [.. (await FindMismatchesAsync([.. lasting])).Select(mismatch => mismatch.Mismatch)];
    }

    private async Task<IReadOnlyList<(OddObject Object, string Mismatch)>> FindMismatchesAsync(IReadOnlyList<OddObject> objects)
    {
        var seen = await ReadAsync();
        return
        [
            .. from known in objects
               let observed = new Observed(known.Refusal, known.Uid is not null && seen.TryGetValue(known.Uid, out var found) ? found : null)
               where known.Expected.Count > 0 ? !known.Expected.Any(expected => expected.IsMet(observed)) : known.Uid is null
               select (known, $"{known} is {observed}"),
        ];
    }

    /// <summary>Deletes what nothing else deletes: all but runs and what belongs to them.</summary>
    public async Task DeleteForeignAsync()
    {
        foreach (var known in _objects.Where(known => known.Uid is not null && known.Kind is "Pod" or ApiConstants.JournalSegmentKind))
        {
            var path = $"{Resource.PathOf(known.Kind, _namespace)}/{known.Name}";
            await _cluster.Api.WriteAsync(HttpMethod.Delete, path, default, CancellationToken.None);
        }
    }

    private async Task<(string? Uid, string? Refusal)> CreateAsync(string kind, string text)
    {
        var type = text.StartsWith('{') ? "application/json" : "application/yaml";
        try
        {
            var answer = await _cluster.Api.WriteAsync(
                HttpMethod.Post, Resource.PathOf(kind, _namespace), Encoding.UTF8.GetBytes(text), CancellationToken.None, type);
            return answer is null
                ? (null, "there is one already")
                : (JsonElement.Parse(answer, ApiServer.AnyDepth).GetProperty("metadata").GetProperty("uid").GetString(), null);
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.Message);
        }
    }

    private async Task<Dictionary<string, JsonElement>> ReadAsync()
    {
        var kinds = _objects.Where(known => known.Uid is not null && known.Expected.Count > 0).Select(known => known.Kind).Distinct();
        var lists = await Task.WhenAll(kinds.Select(kind => _cluster.Api.GetAsync(Resource.PathOf(kind, _namespace))));
        return lists.SelectMany(list => list!.Value.GetProperty("items").EnumerateArray())
            .ToDictionary(item => item.GetProperty("metadata").GetProperty("uid").GetString()!);
    }

    [GeneratedRegex("""kind"?: "?(?<kind>\w+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Kind();

    [GeneratedRegex("""metadata"?: \{"?name"?: (?:"(?<name>[^"]*)"|(?<name>[^,}]+))""", RegexOptions.CultureInvariant)]
    private static partial Regex Identity();
}
