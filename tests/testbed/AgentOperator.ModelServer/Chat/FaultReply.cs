using System.Globalization;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Scenarios;

namespace AgentOperator.ModelServer.Chat;

/// <summary>Which fault strikes a request, and what it sends.</summary>
internal static class FaultReply
{
    /// <summary>
    /// The fault for a request before which the run had asked the same step <paramref name="visits"/> times; null when they are used up.
    /// </summary>
    public static ScenarioFault? Choose(IReadOnlyList<ScenarioFault> faults, int visits)
    {
        foreach (var fault in faults)
        {
            if (visits < fault.Times)
                return fault;
            visits -= fault.Times;
        }

        return null;
    }

    /// <summary>The reply of a fault that strikes the answer <paramref name="completion"/>.</summary>
    public static ChatReply Create(ScenarioFault fault, CompletionBody completion)
    {
        if (fault.Status is { } status)
        {
            var error = ErrorBody.Write(status, fault.Code, fault.Message ?? $"Scripted fault: status {status}.");
            return Fault(status, error) with { Headers = RetryHeaders(fault) };
        }

        if (fault.Malformed)
            return Fault(StatusCodes.Status200OK, "<html><body>upstream error</body></html>"u8.ToArray());
        if (fault.EmptyChoices)
            return Fault(StatusCodes.Status200OK, completion.WriteWithoutChoice());
        if (fault.EmptyBody)
            return Fault(StatusCodes.Status200OK, []);

        var body = completion.Write();
        return fault.Drop
            ? new ChatReply(CallOutcome.Dropped, StatusCodes.Status200OK, body) { DropHalfWay = true }
            : Fault(StatusCodes.Status200OK, body[..(body.Length / 2)]);
    }

    private static ChatReply Fault(int status, byte[] body) => new(CallOutcome.Fault, status, body);

    private static Dictionary<string, string> RetryHeaders(ScenarioFault fault)
    {
        var headers = new Dictionary<string, string>();
        if (fault.RetryAfterSeconds is { } seconds)
            headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        if (fault.RetryAfterMs is { } milliseconds)
            headers["retry-after-ms"] = milliseconds.ToString(CultureInfo.InvariantCulture);
        return headers;
    }
}
