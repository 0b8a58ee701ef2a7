using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.ControlRuntime;

/// <summary>Tells whether a status has to be written, and how soon. Compares JSON: what the server would not store is no difference.</summary>
/// <typeparam name="TStatus">The status.</typeparam>
/// <param name="typeInfo">How a status is written.</param>
/// <param name="withoutProgress">The status without the fields that only say how far the work is.</param>
public sealed class StatusComparer<TStatus>(JsonTypeInfo<TStatus> typeInfo, Func<TStatus, TStatus> withoutProgress)
    where TStatus : class, new()
{
    /// <summary>Compares two statuses.</summary>
    /// <param name="current">The status that is written; null counts as an empty one.</param>
    /// <param name="desired">The status that should be.</param>
    /// <returns>The greatest difference.</returns>
    public StatusChange Compare(TStatus? current, TStatus desired)
    {
        current ??= new TStatus();
        return Same(current, desired) ? StatusChange.None
            : Same(withoutProgress(current), withoutProgress(desired)) ? StatusChange.Progress : StatusChange.Transition;
    }

    private bool Same(TStatus one, TStatus other) =>
        JsonElement.DeepEquals(JsonSerializer.SerializeToElement(one, typeInfo), JsonSerializer.SerializeToElement(other, typeInfo));
}
