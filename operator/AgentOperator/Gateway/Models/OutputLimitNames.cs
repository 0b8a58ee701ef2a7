using AgentOperator.Api;
using AgentOperator.Api.Validation;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Under which name the provider of a model takes the limit of output tokens. Some refuse the name that others ask for; what one refuses is
/// remembered until its ModelEndpoint is edited.
/// </summary>
internal sealed class OutputLimitNames(TimeProvider time)
{
    private const string MaxTokens = "max_tokens";
    private const string MaxCompletionTokens = "max_completion_tokens";
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(12);
    private readonly ExpiringCache<(ObjectKey Endpoint, string? Uid, long? Generation, string Model), string> _learned = new(1_000, time);

    /// <summary>The name; null if it does not matter.</summary>
    public string? Find(ModelEndpoint endpoint, string model) =>
        _learned.TryGet(Key(endpoint, model), out var learned) ? learned : endpoint.Spec.OutputLimitParameter;

    /// <summary>Remembers the name that the provider takes.</summary>
    public void Learn(ModelEndpoint endpoint, string model, string name) => _learned.Set(Key(endpoint, model), name, Remembered);

    /// <summary>The name to try next; null if the error is about something else.</summary>
    /// <param name="sent">The name that was sent.</param>
    /// <param name="error">The provider's error.</param>
    public static string? Other(string sent, string error) => !RefusedFields.IsRefused(sent, error)
        ? null
        : ParameterRules.OutputLimits.FirstOrDefault(name => name != sent && RefusedFields.IsNamed(name, error))
            ?? (sent == MaxTokens ? MaxCompletionTokens : MaxTokens);

    private static (ObjectKey Endpoint, string? Uid, long? Generation, string Model) Key(ModelEndpoint endpoint, string model) =>
        (ObjectKey.Of(endpoint), endpoint.Metadata.Uid, endpoint.Metadata.Generation, model);
}
