using System.Text.Json;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Texts of all scripts, and of none.</summary>
internal sealed class AllScripts : Trial
{
    private const string Odd = "é \U0001F469\u200D\U0001F680 שלום \u202Eabc\u202C 漢字 \u0000 \uFFFD \u2028 \"'<>&+\\ ";
    private const string Command = "printf 'é \U0001F469\u200D\U0001F680 שלום 漢字 \\000 end'";

    /// <summary>No text: the model wrote half of a surrogate pair. Whether the command runs is the runner's choice.</summary>
    private const string HalfCharacter = """{"command":"echo \ud83c"}""";

    public override IReadOnlyList<Point> Points => [AllPoints.UnicodeKept];

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        var (task, instructions, text, result) = ($"task {Odd}", $"instructions {Odd}", $"text {Odd}.", $"result {Odd}.");
        await using var stage = await Stage.StartAsync(
            new StageOptions(Script.Of(Script.Shell(Command, text), Script.Call("shell", HalfCharacter), Script.Say(result)))
            {
                Task = task, Instructions = instructions,
            });
        var end = await stage.PlayAsync(runner);
        var finish = await EndOfAsync(stage);
        var answers = await RecordsAsync(stage, RecordKinds.ModelAnswer);
        var outcomes = await OutcomesAsync(stage);
        verdict.Check(
            AllPoints.UnicodeKept, end.Is(RunnerExitCodes.Done) && finish?.Result == result,
            $"the result is {Shown(result)}", $"{end}; {Shown(finish?.Result)}");
        if (stage.Wire.Chats is not [_, _, var last] || answers.Count == 0 || outcomes.Count == 0)
        {
            verdict.Check(AllPoints.UnicodeKept, false, "three model calls and a tool call", stage.Wire.Story);
            return;
        }

        var messages = last.Json.GetProperty("messages").EnumerateArray().ToList();
        Same(verdict, "the instructions", Content(messages, "system"), instructions);
        Same(verdict, "the task", Content(messages, "user"), task);
        Same(verdict, "the answer's text", Content(messages, "assistant"), text);
        Same(verdict, "the tool's result", Content(messages, "tool"), outcomes[0].Payload.Content);
        Same(verdict, "the arguments", Arguments(messages), answers[0].Payload.GetProperty("toolCalls")[0].GetProperty("arguments").GetString());
        verdict.Check(
            AllPoints.UnicodeKept,
            outcomes[0].Payload.Content.StartsWith("é \U0001F469\u200D\U0001F680 שלום 漢字 \0 end", StringComparison.Ordinal),
            "the command's output in the ToolResult", Shown(outcomes[0].Payload.Content));
    }

    private static void Same(Verdict verdict, string what, string? seen, string? expected) => verdict.Check(
        AllPoints.UnicodeKept, seen == expected, $"{what} in the next request: {Shown(expected)}", Shown(seen));

    private static string? Content(List<JsonElement> messages, string role) => messages
        .Where(message => message.GetProperty("role").GetString() == role).Select(message => message.GetProperty("content"))
        .Select(content => content.ValueKind == JsonValueKind.Array ? content[0].GetProperty("text").GetString() : content.GetString())
        .FirstOrDefault();

    private static string? Arguments(List<JsonElement> messages) => messages.Where(message => message.TryGetProperty("tool_calls", out _))
        .Select(message => message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()).FirstOrDefault();

    /// <summary>Escapes what a terminal would not show.</summary>
    private static string Shown(string? text) => JsonSerializer.Serialize(text);
}
