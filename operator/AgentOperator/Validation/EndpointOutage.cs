namespace AgentOperator.Validation;

/// <summary>Why calls of a ModelEndpoint wait, and until when.</summary>
/// <param name="Reason">One of <see cref="Api.Reasons"/>.</param>
/// <param name="Message">The provider's own sentence, and what a person can do. Holds no key and no prompt.</param>
/// <param name="Since">When it began.</param>
/// <param name="RetryAt">From then on, one call finds out whether it has passed.</param>
internal sealed record EndpointOutage(string Reason, string Message, DateTimeOffset Since, DateTimeOffset RetryAt);
