namespace AgentOperator.ControlRuntime;

/// <summary>The values of the metrics' <c>result</c> label.</summary>
internal static class ReconcileOutcome
{
    public const string Success = "success";
    public const string RequeueAfter = "requeue_after";
    public const string Error = "error";
    public const string Conflict = "conflict";
    public const string Timeout = "timeout";
    public const string TerminalError = "terminal_error";
    public const string Cancelled = "cancelled";
}
