using System.Globalization;
using System.Text;

namespace AgentOperator.Tests.Gateway.Streaming;

/// <summary>A random answer, as one body and as a stream of it that is cut anywhere.</summary>
internal sealed class RandomStream
{
    private static readonly string[] Pieces =
        ["Hello", " ", "\n", "\"", "\\", "{", "}", "data: ", "[DONE]", "é", "日本", "🎉", "👩‍👩‍👧", "\r", "\t", "\u0001", "</think>", "\u2028"];

    private readonly Random _random;
    private readonly List<Queue<string>> _fields = [];
    private readonly string _end;
    private readonly string _usage;

    public RandomStream(int seed)
    {
        _random = new Random(seed);
        var message = new List<string>();
        foreach (var name in new[] { "reasoning_content", "content", "reasoning" }.Where(_ => _random.Next(3) > 0))
        {
            var text = Text(12);
            message.Add($"\"{name}\":{Quote(text)}");
            _fields.Add(new Queue<string>(Cut(text).Select(part => $"\"{name}\":{Quote(part)}")));
        }

        if (_random.Next(3) == 0)
        {
            var (text, signature) = (Text(6), "c2ln+/=");
            message.Add(Fields($$$"""{"details":[{"type":"t","index":0,"text":{{{Quote(text + "!")}}},"signature":"{{{signature}}}"}]}"""));
            _fields.Add(new Queue<string>(Cut(text + "!")
                .Select(part => Fields($$$"""{"details":[{"type":"t","index":0,"text":{{{Quote(part)}}}}]}"""))
                .Append(Fields($$$"""{"details":[{"index":0,"signature":"{{{signature}}}"}]}"""))));
        }

        var calls = Enumerable.Range(0, _random.Next(4)).Select(index => Call(index)).ToList();
        if (calls.Count > 0)
        {
            message.Add($"\"tool_calls\":[{string.Join(',', calls)}]");
        }

        _end = $"\"finish_reason\":\"{(calls.Count > 0 ? "tool_calls" : "stop")}\"";
        _usage = Fields($$$"""{"usage":{"prompt_tokens":{{{_random.Next(1, 99)}}},"completion_tokens":{{{_random.Next(1, 99)}}}}}""");
        Whole = $$$"""{"model":"m-1","choices":[{"index":0,"message":{"role":"assistant",{{{string.Join(',', message.DefaultIfEmpty("\"content\":null"))}}}},{{{_end}}}}],{{{_usage}}}}""";
    }

    /// <summary>The answer as one body.</summary>
    public string Whole { get; }

    /// <summary>The same answer as a stream, in parts of any size.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Next()
    {
        var line = Pick("\n", "\r\n", "\r");
        var stream = new StringBuilder(Pick("", "\uFEFF", ": hello" + line + line));
        Add(stream, line, "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}],\"usage\":null");
        while (_fields.Where(field => field.Count > 0).ToList() is { Count: > 0 } left)
        {
            Add(stream, line, $"\"choices\":[{{\"index\":0,\"delta\":{{{left[_random.Next(left.Count)].Dequeue()}}},\"finish_reason\":null}}]");
        }

        Add(stream, line, $"\"choices\":[{{\"index\":0,\"delta\":{{}},{_end}}}]");
        Add(stream, line, $"\"choices\":[],{_usage}");
        stream.Append(Pick("", "data: [DONE]" + line + line, "data:[DONE]"));
        var (bytes, parts) = (Encoding.UTF8.GetBytes(stream.ToString()), new List<ReadOnlyMemory<byte>>());
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(_random.Next(1, Pick(2, 40, 4000)), bytes.Length - at);
            parts.Add(bytes.AsMemory(at, length));
            at += length;
        }

        return parts;
    }

    private void Add(StringBuilder stream, string line, string fields)
    {
        if (_random.Next(5) == 0)
        {
            stream.Append(Pick(": ping", "event: chunk", "id: 7", "data: alive" + line)).Append(line);
        }

        stream.Append(Pick("data: {", "data:{", $"data: {{{line}data: ")).Append("\"model\":\"m-1\",").Append(fields)
            .Append(Pick("}", $"{line}data: }}")).Append(line).Append(line);
    }

    private string Call(int index)
    {
        var arguments = $"{{\"x\":{Quote(Text(4))}}}";
        var extra = Pick("", ",\"extra_content\":{\"google\":{\"thought_signature\":\"s+/=\"}}");
        var number = index.ToString(CultureInfo.InvariantCulture);
        var head = Fields($$$"""{"tool_calls":[{"index":{{{number}}},"id":"call-{{{number}}}","type":"function","function":{"name":"f","arguments":""}{{{extra}}}}]}""");
        _fields.Add(new Queue<string>(Cut(arguments)
            .Select(part => Fields($$$"""{"tool_calls":[{"index":{{{number}}},"function":{"arguments":{{{Quote(part)}}}}}]}""")).Prepend(head)));
        return $$$"""{"id":"call-{{{number}}}","type":"function","function":{"name":"f","arguments":{{{Quote(arguments)}}}}{{{extra}}}}""";
    }

    private string Text(int pieces) => string.Concat(Enumerable.Range(0, _random.Next(1, pieces)).Select(_ => Pieces[_random.Next(Pieces.Length)]));

    /// <summary>Cuts a text anywhere, also between the halves of a character.</summary>
    private List<string> Cut(string text)
    {
        var parts = new List<string>();
        while (text.Length > 0)
        {
            var length = _random.Next(1, Math.Min(text.Length, 6) + 1);
            parts.Add(text[..length]);
            text = text[length..];
        }

        return parts;
    }

    /// <summary>A JSON string, with more or fewer escapes.</summary>
    private string Quote(string text)
    {
        var escapesAll = _random.Next(2) == 0 || text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);
        var quoted = new StringBuilder("\"");
        foreach (var unit in text)
        {
            quoted.Append(unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ when escapesAll && unit > '~' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => unit.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>An object's fields.</summary>
    private static string Fields(string json) => json[1..^1];

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
