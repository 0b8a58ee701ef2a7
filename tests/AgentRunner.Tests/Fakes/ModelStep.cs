using AgentOperator.Protocol;

namespace AgentRunner.Tests.Fakes;

/// <summary>One answer of the scripted model.</summary>
internal sealed record ModelStep(
    string? Text, string FinishReason, IReadOnlyList<ToolCall> Calls, string? Reasoning = null, System.Text.Json.JsonElement? Extra = null)
{
    public static ModelStep Say(string text, string finishReason = "stop") => new(text, finishReason, []);

    /// <summary>A step that calls tools. The finish reason is <c>stop</c> on purpose: calls are known by their count.</summary>
    public static ModelStep Call(params ToolCall[] calls) => new(null, "stop", calls);

    /// <summary>A step that runs one shell command.</summary>
    public static ModelStep Shell(string command, string id = "call_1") => Call(ShellCall(command, id));

    public static ToolCall ShellCall(string command, string id) =>
        new(id, "shell", $"{{ \"command\" : {System.Text.Json.JsonSerializer.Serialize(command)} }}");
}
