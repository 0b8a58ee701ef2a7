using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>
/// Tool calls that a model wrote into its text: servers without a parser for the model's own format leave them there. Only what leaves no doubt is a
/// call; the end of the answer, since a text that goes on after a call speaks of calls.
/// </summary>
internal static partial class TextCalls
{
    private const string Fence = "```";
    private const string NamedOpen = "<function=";
    private const string NamedClose = "</function>";

    private static readonly (string Open, string? Close)[] Marks =
    [
        ("<tool_call>", "</tool_call>"), ("<function_call>", "</function_call>"), ("[TOOL_CALLS]", null), ("<|python_tag|>", null),
        ("<tool_calls>", "</tool_calls>"), ("<|tool_call|>", "<|/tool_call|>"),
    ];

    /// <summary>Reads the calls.</summary>
    /// <param name="text">The answer's text, with any reasoning before it.</param>
    /// <param name="tools">The tools that the request offered.</param>
    /// <returns>The calls; the text without them, null when nothing is left; and whether there are signs of calls that cannot be read.</returns>
    public static (IReadOnlyList<ToolCall> Calls, string? Text, bool Announced) Read(string text, IReadOnlySet<string> tools)
    {
        var start = ReasoningTags.EndIn(text);
        var answer = text[start..];
        if (FirstMark().Match(answer) is { Success: true } mark && !IsInFence(answer, mark.Index))
        {
            return Marked(answer[mark.Index..]) is { Count: > 0 } marked
                ? (CallReader.WithIds(marked), Left(text[..(start + mark.Index)]), false)
                : ([], text, true);
        }

        var (at, json) = Fenced(answer) ?? (0, answer);
        return Calls(json, call => IsPlainCall(call, tools)) is { Count: > 0 } calls
            ? (CallReader.WithIds(calls), Left(text[..(start + at)]), false)
            : ([], text, false);
    }

    private static string? Left(string text) => string.IsNullOrWhiteSpace(text) ? null : text.TrimEnd();

    private static bool IsInFence(string text, int index) => text.AsSpan(0, index).Count(Fence) % 2 == 1;

    /// <summary>What the last code fence holds, and where it begins; null when the text does not end in one.</summary>
    private static (int At, string Inner)? Fenced(string text)
    {
        var whole = text.AsSpan().TrimEnd();
        if (!whole.EndsWith(Fence) || whole[..^Fence.Length].LastIndexOf(Fence) is var at && (at < 0 || IsInFence(text, at)))
        {
            return null;
        }

        // After the language that the fence names.
        var inner = whole[(at + Fence.Length)..^Fence.Length];
        return (at, inner[Math.Max(0, inner.IndexOfAny('{', '['))..].ToString());
    }

    /// <summary>The calls of a text that holds nothing but marked calls; null when one cannot be read.</summary>
    private static List<ToolCall>? Marked(string text)
    {
        var calls = new List<ToolCall>();
        for (var rest = text.AsSpan().Trim(); rest.Length > 0; rest = rest.TrimStart())
        {
            if (rest.StartsWith(NamedOpen, StringComparison.Ordinal))
            {
                if (Named(ref rest) is not { } named)
                {
                    return null;
                }

                calls.Add(named);
                continue;
            }

            if (MarkAt(rest) is not var (open, close))
            {
                return null;
            }

            // A mark without an end goes to the end of the text: servers cut off the end, too.
            var end = close is null ? -1 : rest.IndexOf(close, StringComparison.Ordinal);
            var json = end < 0 ? rest[open.Length..] : rest[open.Length..end];
            if (Calls(json.ToString(), call => NameOf(call) is { Length: > 0 }) is not { Count: > 0 } read)
            {
                return null;
            }

            calls.AddRange(read);
            rest = end < 0 ? default : rest[(end + close!.Length)..];
        }

        return calls;
    }

    /// <summary>A call whose mark names it, taken from the beginning of the text; null if it cannot be read.</summary>
    private static ToolCall? Named(ref ReadOnlySpan<char> text)
    {
        var begin = text.IndexOf('>') + 1;
        var end = text.IndexOf(NamedClose, StringComparison.Ordinal);
        end = end < 0 ? text.Length : end;
        if (begin <= NamedOpen.Length + 1 || begin > end)
        {
            return null;
        }

        var call = $$"""{"name":"{{JsonEncodedText.Encode(text[NamedOpen.Length..(begin - 1)])}}","arguments":{{text[begin..end]}}}""";
        text = text[Math.Min(text.Length, end + NamedClose.Length)..];
        return Calls(call, json => json.TryGet("arguments", JsonValueKind.Object, out _)) is [var read] ? read : null;
    }

    private static (string Open, string? Close)? MarkAt(ReadOnlySpan<char> text)
    {
        foreach (var mark in Marks)
        {
            if (text.StartsWith(mark.Open, StringComparison.Ordinal))
            {
                return mark;
            }
        }

        return null;
    }

    /// <summary>The calls of a JSON object, or of an array of them; null when it is none or one of them is no call.</summary>
    private static List<ToolCall>? Calls(string json, Func<JsonElement, bool> isCall)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
            var root = document.RootElement;
            List<JsonElement> items = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            return items.TrueForAll(item => item.ValueKind == JsonValueKind.Object && isCall(item))
                ? items.ConvertAll(item => new ToolCall(item.Text("id") ?? "", NameOf(item)!, ArgumentsOf(item)))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonElement call) => CallReader.FunctionOf(call).Text("name");

    private static string ArgumentsOf(JsonElement call)
    {
        var function = CallReader.FunctionOf(call);
        return CallReader.Arguments(function, function.TryGetProperty("arguments", out _) ? "arguments" : "parameters");
    }

    /// <summary>Whether an unmarked object is a call and nothing else: it names a tool of the request and gives arguments.</summary>
    private static bool IsPlainCall(JsonElement call, IReadOnlySet<string> tools)
    {
        var function = CallReader.FunctionOf(call);
        return NameOf(call) is { } name && tools.Contains(name)
            && (function.TryGet("arguments", JsonValueKind.Object, out _) || function.TryGet("arguments", JsonValueKind.String, out _)
                || function.TryGet("parameters", JsonValueKind.Object, out _))
            && call.EnumerateObject().All(field => field.Name is "name" or "arguments" or "parameters" or "id" or "type" or "function");
    }

    /// <summary>Marks at the beginning of a line, and the special tokens of chat templates anywhere but in a quotation.</summary>
    [GeneratedRegex(
        @"^[ \t]*(?:<tool_calls?>|<function_calls?>|<function=|<invoke name=|<minimax:tool_call>|\[TOOL_CALLS\]|<\|python_tag\|>)"
            + @"|(?<!`)(?:<\|tool_calls?(?:_section)?(?:_begin|_start)?\|>|<\|action_start\|>|<\|channel\|>commentary to="
            + @"|<\uFF5C(?:tool\u2581calls?\u2581begin|DSML)\uFF5C)",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex FirstMark();
}
