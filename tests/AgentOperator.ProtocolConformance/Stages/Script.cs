using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>Scenarios of the scripted model, as JSON, which YAML is a superset of.</summary>
internal static class Script
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A scenario of these steps.</summary>
    public static string Of(params IEnumerable<object> steps) => JsonSerializer.Serialize(new { steps }, Plain);

    /// <summary>The model runs a command.</summary>
    public static object Shell(string command, string? text = null) =>
        new { text = text ?? "I look.", toolCalls = new[] { new { name = "shell", arguments = new { command } } } };

    /// <summary>The model calls a tool with arguments as it writes them.</summary>
    public static object Call(string tool, string arguments, string finishReason = "tool_calls") =>
        new { text = "I try.", toolCalls = new[] { new { name = tool, arguments } }, finishReason };

    /// <summary>The model gives its final answer.</summary>
    public static object Say(string text) => new { text };

    /// <summary>The provider refuses the request.</summary>
    public static object Refuse(int status) =>
        new { text = "never", faults = new[] { new { status, message = "this request is not allowed", times = 9 } } };
}
