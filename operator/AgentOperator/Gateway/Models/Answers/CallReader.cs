using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>The tool calls of a message, wherever the provider puts them.</summary>
internal static class CallReader
{
    /// <summary>The calls, each with an id of its own within the answer.</summary>
    public static IReadOnlyList<ToolCall> Read(JsonElement message)
    {
        var given = message.TryGet("tool_calls", JsonValueKind.Array, out var list) ? list.EnumerateArray().Select(Call)
            : message.TryGet("tool_calls", JsonValueKind.Object, out var single) ? [Call(single)]
            : [];
        List<ToolCall> calls = [.. given.OfType<ToolCall>()];
        if (calls.Count == 0 && message.TryGet("function_call", JsonValueKind.Object, out var legacy) && legacy.Text("name") is { Length: > 0 } name)
        {
            calls.Add(new ToolCall("", name, Arguments(legacy, "arguments")));
        }

        return WithIds(calls);
    }

    /// <summary>Ids must be there and differ within the answer: they tie each result to its call.</summary>
    public static IReadOnlyList<ToolCall> WithIds(IReadOnlyList<ToolCall> calls)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var named = new List<ToolCall>(calls.Count);
        foreach (var call in calls)
        {
            var id = call.Id;
            for (var number = named.Count + 1; id.Length == 0 || !ids.Add(id); number++)
            {
                id = $"call_{number}";
            }

            named.Add(call with { Id = id });
        }

        return named;
    }

    /// <summary>Where a call has its name and arguments: in its function, or in itself.</summary>
    public static JsonElement FunctionOf(JsonElement call) => call.TryGet("function", JsonValueKind.Object, out var function) ? function : call;

    /// <summary>The arguments' text: of a string what it holds, of an object the object.</summary>
    public static string Arguments(JsonElement function, string name) =>
        !function.TryGetProperty(name, out var arguments) || arguments.ValueKind == JsonValueKind.Null ? "{}"
        : arguments.ValueKind != JsonValueKind.String ? arguments.GetRawText()
        : JsonText.Read(arguments) is { Length: > 0 } text ? text
        : "{}";

    /// <summary>
    /// Reads one call; null if it is not an object. A call without a name is treated like one with a made-up name: the runner answers it with the
    /// names of the tools.
    /// </summary>
    private static ToolCall? Call(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var function = FunctionOf(call);
        return new ToolCall(call.Text("id") ?? "", function.Text("name") ?? "", Arguments(function, "arguments"))
        {
            Extra = ExtraFields.OfCall(call),
        };
    }
}
