using System.Text.Json;

namespace AgentOperator.Testing;

/// <summary>A scripted model in the cluster, reached through the API server: its scenarios, its call log, its ledger of effects.</summary>
/// <param name="api">The API server.</param>
/// <param name="ns">The model's namespace.</param>
internal sealed class ModelServer(ApiServer api, string ns)
{
    /// <summary>What ModelEndpoints have as their base URL.</summary>
    public const string BaseUrl = $"http://model-server.{TestCluster.ModelNamespace}.svc/v1";

    /// <summary>The ledger of effects, for pods.</summary>
    public const string EffectsUrl = $"http://model-server.{TestCluster.ModelNamespace}.svc/effects";

    private string Proxy => $"api/v1/namespaces/{ns}/services/http:model-server:80/proxy";

    public Task PutScenarioAsync(string name, string yaml) => api.PutAsync($"{Proxy}/scenarios/{name}", yaml);

    public async Task<ModelSummary> SummarizeAsync(string scenario) =>
        (await api.GetAsync($"{Proxy}/log/summary?scenario={scenario}"))!.Value.Deserialize<ModelSummary>(JsonSerializerOptions.Web)!;

    /// <summary>The calls of a scenario in the model's own log, oldest first, as they are on the wire.</summary>
    public async Task<JsonElement> CallsAsync(string scenario) => (await api.GetAsync($"{Proxy}/log?scenario={scenario}"))!.Value;

    /// <summary>Leaves an effect in a test's own hand: what tools and answers wait for.</summary>
    public Task AddEffectAsync(string name, string key) => api.PostAsync($"{Proxy}/effects/{name}?key={key}");

    /// <summary>The effects of one name, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> EffectsAsync(string name) =>
        (await api.GetAsync($"{Proxy}/effects/{name}"))!.Value.GetProperty("effects").Deserialize<LedgerEntry[]>(JsonSerializerOptions.Web)!;

    /// <summary>The effects of one run of a scenario that names its effects by itself.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> EffectsOfRunAsync(string run) =>
        (await api.GetAsync($"{Proxy}/effects?run={run}"))!.Value.GetProperty("effects").Deserialize<LedgerEntry[]>(JsonSerializerOptions.Web)!;

    /// <summary>The identities of the conversations that played a scenario.</summary>
    public async Task<IReadOnlyList<string>> ConversationsAsync(string scenario) =>
        [
            .. (await api.GetAsync($"{Proxy}/log/summary?scenario={scenario}"))!.Value.GetProperty("runs").EnumerateArray()
            .Select(run => run.GetProperty("run").GetString()!),
        ];
}
