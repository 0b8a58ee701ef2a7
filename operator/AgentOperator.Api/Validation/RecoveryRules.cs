namespace AgentOperator.Api.Validation;

/// <summary>Backoff and memory must start at or below their caps.</summary>
internal static class RecoveryRules
{
    public static IEnumerable<FieldViolation> Check(AgentRunSpec spec)
    {
        var recovery = spec.Recovery;
        if (recovery.BackoffSeconds > recovery.MaxBackoffSeconds)
        {
            yield return new FieldViolation(
                "spec.recovery.backoffSeconds",
                $"must not be greater than maxBackoffSeconds, {recovery.MaxBackoffSeconds}, not {recovery.BackoffSeconds}");
        }

        if (Quantity.TryParse(recovery.OutOfMemory.MaxMemory, out var most)
            && Quantity.TryParse(spec.Resources.Limits.Memory, out var first)
            && most < first)
        {
            yield return new FieldViolation(
                "spec.recovery.outOfMemory.maxMemory",
                $"must be at least resources.limits.memory, {spec.Resources.Limits.Memory}, not {recovery.OutOfMemory.MaxMemory}");
        }
    }
}
