using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Whether the provider answers, as the operator's last calls saw it.</summary>
public sealed record ModelEndpointStatus
{
    /// <summary>The maximum number of models kept in the status.</summary>
    public const int MaxModels = 16;

    /// <summary>The generation of the spec that this status describes. A status of an earlier one holds nothing back.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Available: False if runs wait for the provider or for a person; the message says why. Unknown before the first call.</summary>
    [MaxLength(8), ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>When one run tries again whether the provider is available.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>
    /// The resource version of the API key's Secret while a person has to act; none if it does not exist. A changed Secret is tried at once.
    /// </summary>
    [MaxLength(128)]
    public string? SecretVersion { get; init; }

    /// <summary>Models that the provider does not offer while it answers for others.</summary>
    [MaxLength(MaxModels), ListMap("name")]
    public IReadOnlyList<UnavailableModel>? Models { get; init; }

    /// <summary>The condition of a type; null if the status does not have it.</summary>
    /// <param name="type">One of <see cref="ConditionTypes"/>.</param>
    public Condition? FindCondition(string type) => Conditions?.FirstOrDefault(condition => condition.Type == type);
}
