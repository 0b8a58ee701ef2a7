using System.Text;
using System.Text.Json.Nodes;

namespace AgentOperator.EndToEnd.Edges;

/// <summary>A run whose agent runs a tool until it is released, and what can be done to it meanwhile.</summary>
internal sealed class LiveRun(TestCluster cluster, TestRun run, string scenario)
{
    private const string Release = "go";
    private string _manifest = "";

    public TestRun Run => run;

    public string Name => run.Name;

    public string Namespace => run.Namespace;

    public string Scenario => scenario;

    public TestCluster Cluster => cluster;

    /// <summary>What the API server said to the last change of the run's spec that it refused; null if it took it.</summary>
    public string? Refusal { get; private set; }

    public string Path => $"{Resource.PathOf(ApiConstants.AgentRunKind, Namespace)}/{Name}";

    /// <summary>Applies the run and waits until its agent is at work.</summary>
    public async Task StartAsync(AgentRunSpec spec)
    {
        var script = new Scenario(scenario);
        script.Shell($"{script.Effect("begun")}; {script.Await(Release, seconds: 1)}").Answer("Done.");
        await cluster.Model.PutScenarioAsync(scenario, script.ToString());
        _manifest = Manifests.Of(spec, Namespace, Name);
        await CreateAgainAsync();
        await run.UntilAsync("the agent to be at work", status => status is { Phase: Phases.Running, Usage.ModelCalls: 1 });
    }

    /// <summary>Applies the run as it was applied first.</summary>
    public Task CreateAgainAsync() => CreateAsync(ApiConstants.AgentRunKind, _manifest);

    /// <summary>Lets the tool go on.</summary>
    public Task ReleaseAsync() => cluster.Model.AddEffectAsync(scenario, Release);

    public async Task<Observed> ObserveAsync() => new(Refusal, await cluster.Api.GetAsync(Path));

    /// <summary>Waits until one of some expectations is met.</summary>
    /// <exception cref="TimeoutException">None is.</exception>
    public async Task UntilAsync(IReadOnlyList<string> expected, TimeSpan deadline)
    {
        if (expected.Count == 0)
        {
            return;
        }

        var any = expected.Select(Expectation.Parse).ToList();
        Observed? seen = null;
        try
        {
            await Eventually.TrueAsync(
                string.Join(" or ", expected),
                async () =>
                {
                    seen = await ObserveAsync();
                    return any.Exists(one => one.IsMet(seen));
                },
                deadline);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} The run is {seen}", exception);
        }
    }

    /// <summary>Changes the run by a merge patch. A refusal is remembered: servers with CEL refuse what others take.</summary>
    public async Task PatchAsync(string patch)
    {
        try
        {
            await WriteAsync(HttpMethod.Patch, Path, patch);
        }
        catch (HttpRequestException exception)
        {
            Refusal = exception.Message;
        }
    }

    /// <summary>Changes the run's status by a merge patch.</summary>
    public Task PatchStatusAsync(string patch) => WriteAsync(HttpMethod.Patch, $"{Path}/status", patch);

    /// <summary>Changes an object by a merge patch.</summary>
    public Task PatchAsync(string kind, string name, string patch, string subresource = "") =>
        WriteAsync(HttpMethod.Patch, $"{Resource.PathOf(kind, Namespace)}/{name}{subresource}", patch);

    public Task PatchPodAsync(int attempt, string patch) => PatchAsync("Pod", run.PodName(attempt), patch);

    public Task CreateAsync(string kind, string manifest) => WriteAsync(
        HttpMethod.Post, Resource.PathOf(kind, Namespace), manifest, manifest.StartsWith('{') ? "application/json" : "application/yaml");

    public Task DeleteAsync(string kind, string name, string options = "") =>
        WriteAsync(HttpMethod.Delete, $"{Resource.PathOf(kind, Namespace)}/{name}{options}", "");

    /// <summary>Deletes all objects of a kind in the run's namespace.</summary>
    public Task DeleteAllAsync(string kind) => WriteAsync(HttpMethod.Delete, Resource.PathOf(kind, Namespace), "");

    /// <summary>Evicts the pod of an attempt, as a drain does.</summary>
    public async Task EvictAsync(int attempt)
    {
        var version = Eviction.ApiVersion((await cluster.Api.GetAsync("api/v1"))!.Value);
        var pod = run.PodName(attempt);
        await WriteAsync(
            HttpMethod.Post, $"{Resource.PathOf("Pod", Namespace)}/{pod}/eviction", Eviction.Of(version, Namespace, pod), "application/json");
    }

    /// <summary>The segments of the run's journal.</summary>
    public async Task<IReadOnlyList<JsonObject>> SegmentsAsync()
    {
        var list = await cluster.Api.GetAsync(Resource.PathOf(ApiConstants.JournalSegmentKind, Namespace));
        return
        [
            .. list!.Value.GetProperty("items").EnumerateArray().Select(item => JsonObject.Create(item)!)
                .Where(segment => segment["spec"]!["runName"]!.GetValue<string>() == Name),
        ];
    }

    /// <summary>Changes each segment of the run's journal by a merge patch.</summary>
    public async Task PatchSegmentsAsync(Func<JsonObject, string> patch)
    {
        foreach (var segment in await SegmentsAsync())
        {
            await PatchAsync(ApiConstants.JournalSegmentKind, NameOf(segment), patch(segment));
        }
    }

    public static string NameOf(JsonObject item) => item["metadata"]!["name"]!.GetValue<string>();

    private Task WriteAsync(HttpMethod method, string path, string body, string? type = null) => cluster.Api.WriteAsync(
        method, path, Encoding.UTF8.GetBytes(body), CancellationToken.None, type ?? "application/merge-patch+json");
}
