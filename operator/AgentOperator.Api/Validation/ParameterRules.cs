using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentOperator.Api.Validation;

/// <summary>What the parameters of a ModelEndpoint or a run must not set.</summary>
public static class ParameterRules
{
    /// <summary>The largest parameters, as JSON.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>Names under which providers take the limit of output tokens.</summary>
    public static IReadOnlyList<string> OutputLimits { get; } = ["max_tokens", "max_completion_tokens", "max_output_tokens"];

    private static readonly string[] Gateways = ["model", "messages", "tools", "stream", "stream_options", "n"];

    /// <summary>Whether a field of a request belongs to the gateway and the runner.</summary>
    public static bool IsOwned(string field) => Gateways.Contains(field) || OutputLimits.Contains(field);

    /// <summary>What is wrong with them; empty if nothing is.</summary>
    /// <param name="parameters">The parameters; null if there are none.</param>
    /// <param name="path">Where they are in the object.</param>
    public static IEnumerable<FieldViolation> Check(IReadOnlyDictionary<string, JsonElement>? parameters, string path)
    {
        if (parameters is null)
        {
            yield break;
        }

        foreach (var name in parameters.Keys.Where(IsOwned))
        {
            yield return new FieldViolation(
                $"{path}.{name}",
                OutputLimits.Contains(name)
                    ? "cannot be given: spec.model.maxOutputTokens of the run sets it, and outputLimitParameter of the ModelEndpoint names it"
                    : "cannot be given: the gateway sets it");
        }

        foreach (var (name, _) in parameters.Where(field => !field.Value.IsShallow()))
        {
            yield return new FieldViolation(
                $"{path}.{name}", string.Create(CultureInfo.InvariantCulture, $"must be nested at most {JsonNesting.Max} levels deep"));
        }

        var bytes = parameters.Sum(field => Encoding.UTF8.GetByteCount(field.Key) + Encoding.UTF8.GetByteCount(field.Value.GetRawText()));
        if (bytes > MaxBytes)
        {
            yield return new FieldViolation(path, string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxBytes} bytes, not {bytes}"));
        }
    }
}
