using AgentOperator.Api;

namespace AgentOperator.Validation;

/// <summary>Why calls of a ModelEndpoint wait, and until when.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">The provider's own sentence, and what a person can do. Holds no key and no prompt.</param>
/// <param name="Since">When it began.</param>
/// <param name="RetryAt">From then on, one call finds out whether it has passed.</param>
internal sealed record EndpointOutage(string Reason, string Message, DateTimeOffset Since, DateTimeOffset RetryAt)
{
    /// <summary>The longest that calls wait before one is tried again.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    /// <summary>How far the clocks of the replica that wrote a status and of this one may be apart.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    /// <summary>The resource version of the API key's Secret, if a person has to act; "none" if the Secret does not exist.</summary>
    public string? SecretVersion { get; init; }

    /// <summary>The only model that is concerned; null for all.</summary>
    public string? Model { get; init; }

    /// <summary>The outage that a status shows.</summary>
    /// <param name="status">The status of a ModelEndpoint.</param>
    /// <param name="generation">The endpoint's present generation. What was seen of an earlier one says nothing about this one.</param>
    /// <param name="model">The model that is to be called.</param>
    /// <param name="now">The present time. The operator writes no time beyond <see cref="LongestPause"/>; such a one is due at once.</param>
    /// <returns>Null if calls may be made.</returns>
    public static EndpointOutage? Of(ModelEndpointStatus? status, long? generation, string model, DateTimeOffset now) =>
        Shown(status, generation, model) is { } outage
            ? outage.RetryAt > now + LongestPause + ClockDifference ? outage with { RetryAt = now } : outage
            : null;

    private static EndpointOutage? Shown(ModelEndpointStatus? status, long? generation, string model)
    {
        if (status is null || status.ObservedGeneration != generation)
        {
            return null;
        }

        if (status.FindCondition(ConditionTypes.Available) is { Status: ConditionStatuses.False } condition)
        {
            var since = condition.LastTransitionTime;
            return new EndpointOutage(condition.Reason, condition.Message, since, status.RetryAt ?? since) { SecretVersion = status.SecretVersion };
        }

        return status.Models?.FirstOrDefault(known => known.Name == model) is { } missing
            ? new EndpointOutage(missing.Reason, missing.Message, missing.Since, missing.RetryAt) { Model = missing.Name }
            : null;
    }
}
