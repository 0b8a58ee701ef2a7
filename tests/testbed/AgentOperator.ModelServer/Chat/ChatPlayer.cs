using System.IO.Compression;
using System.Text;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Scenarios;

namespace AgentOperator.ModelServer.Chat;

/// <summary>Plays scenarios: decides what a request gets.</summary>
internal sealed class ChatPlayer(ScenarioStore scenarios, CallLog log, EffectsAddress effects, TimeProvider time)
{
    /// <summary>The reply to a request. Counts the request as a visit of its step, which is what faults go by.</summary>
    public async Task<ChatReply> PlayAsync(ChatRequest request, CancellationToken ct)
    {
        Scenario? scenario;
        try
        {
            scenario = await scenarios.FindAsync(request.Model, ct);
        }
        catch (ScenarioFormatException error)
        {
            return Reject("invalid_scenario", error.Message);
        }

        if (scenario is null)
            return ChatReply.Reject(
                StatusCodes.Status404NotFound, "model_not_found", $"The model '{request.Model}' does not exist: there is no such scenario.");
        if (scenario.StepAt(request.Step) is not { } step)
            return Reject(
                "past_the_end",
                $"The scenario '{request.Model}' has {scenario.StepCount} steps; the request asks for step {request.Step}, counted from 0.");

        var placeholders = new Placeholders(request.Step, request.Run, effects.Url);
        if (step.Expect is { } expectation && Mismatch(expectation, request, placeholders) is { } mismatch)
            return Reject("unexpected_message", $"The scenario '{request.Model}', step {request.Step}: {mismatch}");
        return Answer(request, step, placeholders) with { DelayMs = step.DelayMs, HoldUntil = step.HoldUntil };
    }

    private ChatReply Answer(ChatRequest request, ScenarioStep step, Placeholders placeholders)
    {
        var completion = new CompletionBody(request, step, placeholders, time.GetUtcNow());
        var visits = log.CountVisit(request.Model, request.Run, request.Step);
        return FaultReply.Choose(step.Faults, visits) is { } fault
            ? FaultReply.Create(fault, completion)
            : Answer(step, completion);
    }

    private static ChatReply Answer(ScenarioStep step, CompletionBody completion)
    {
        var body = step.Raw is null ? completion.Write() : Encoding.UTF8.GetBytes(step.Raw);
        if (!step.Quirks.Contains(StepQuirk.Gzip))
            return new ChatReply(CallOutcome.Answered, StatusCodes.Status200OK, body);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(body);
        return new ChatReply(CallOutcome.Answered, StatusCodes.Status200OK, compressed.ToArray())
        {
            Headers = new Dictionary<string, string> { ["Content-Encoding"] = "gzip" },
        };
    }

    // The received text is not repeated, because it may be a prompt.
    private static string? Mismatch(StepExpectation expectation, ChatRequest request, Placeholders placeholders)
    {
        if (expectation.Role is { } role && role != request.LastRole)
            return $"expected a last message of role '{role}', not '{request.LastRole}'.";
        if (expectation.Contains is not { } part)
            return null;
        var expected = placeholders.Fill(part);
        return request.LastText.Contains(expected, StringComparison.Ordinal) ? null : $"expected a last message that contains '{expected}'.";
    }

    private static ChatReply Reject(string code, string message) => ChatReply.Reject(StatusCodes.Status400BadRequest, code, message);
}
