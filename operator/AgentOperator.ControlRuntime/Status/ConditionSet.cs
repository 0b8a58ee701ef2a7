using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Builds the conditions of a status by the API's conventions: a condition's transition time moves only when its status does, and each says on which
/// generation of the spec it was observed.
/// </summary>
/// <param name="before">The conditions that the status has; null for none.</param>
/// <param name="generation">The generation of the spec that is observed.</param>
/// <param name="now">The time of a transition; cut to whole seconds.</param>
public sealed class ConditionSet(IEnumerable<V1Condition>? before, long? generation, DateTimeOffset now)
{
    private const int MaxMessageBytes = 1024;
    private const int MaxReasonBytes = 128;
    private const string True = "True";
    private const string False = "False";
    private const string Unknown = "Unknown";

    private readonly IReadOnlyList<V1Condition> _before = [.. before ?? []];
    private readonly List<V1Condition> _conditions = [];

    /// <summary>The conditions in the order in which they were set.</summary>
    public IReadOnlyList<V1Condition> Conditions => _conditions;

    /// <summary>Sets a condition.</summary>
    /// <param name="type">The aspect.</param>
    /// <param name="holds">Whether it holds; null if that is not known.</param>
    /// <param name="reason">Why, as one CamelCase word for programs; cut to 128 bytes.</param>
    /// <param name="message">Why, as a sentence for people; cut to 1024 bytes.</param>
    /// <returns>This set.</returns>
    public ConditionSet Set(string type, bool? holds, string reason, string message)
    {
        var status = holds switch
        {
            true => True,
            false => False,
            null => Unknown,
        };
        return Add(new V1Condition
        {
            Type = type,
            Status = status,
            ObservedGeneration = generation,
            LastTransitionTime = Find(type) is { } known && known.Status == status
                ? known.LastTransitionTime
                : now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).UtcDateTime,
            Reason = TextLimit.Cut(reason, MaxReasonBytes),
            Message = TextLimit.Cut(message, MaxMessageBytes),
        });
    }

    /// <summary>Keeps a condition as it was, if there was one: for an aspect that is not observed this time.</summary>
    /// <param name="type">The aspect.</param>
    /// <returns>This set.</returns>
    public ConditionSet Keep(string type) => Find(type) is { } known ? Add(known) : this;

    private V1Condition? Find(string type) => _before.FirstOrDefault(condition => condition.Type == type);

    private ConditionSet Add(V1Condition condition)
    {
        _conditions.RemoveAll(earlier => earlier.Type == condition.Type);
        _conditions.Add(condition);
        return this;
    }
}
