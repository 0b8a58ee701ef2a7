namespace AgentRunner.Tests.Fakes;

/// <summary>Something that goes wrong once.</summary>
/// <param name="Route">On which route.</param>
/// <param name="AfterCommit">Whether the request takes effect first.</param>
/// <param name="Status">The status that is answered; 0 drops the connection.</param>
/// <param name="Code">The error code.</param>
/// <param name="RetryAfterSeconds">The <c>Retry-After</c>.</param>
/// <param name="Skip">How many requests go well first.</param>
internal sealed record Fault(
    string Route, bool AfterCommit = false, int Status = 0, string Code = "", int? RetryAfterSeconds = null, int Skip = 0);
