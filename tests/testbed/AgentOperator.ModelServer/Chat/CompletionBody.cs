using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentOperator.ModelServer.Scenarios;

namespace AgentOperator.ModelServer.Chat;

/// <summary>The body of a chat completion, with the quirks that its step asks for.</summary>
internal sealed class CompletionBody(ChatRequest request, ScenarioStep step, Placeholders placeholders, DateTimeOffset now)
{
    // A rough count that needs no tokenizer.
    private const int CharactersPerToken = 4;

    private readonly string? _text = step.Text is null ? null : placeholders.Fill(step.Text);
    private readonly List<string> _arguments = [.. step.ToolCalls.Select(call => placeholders.Fill(call.Arguments.Text))];

    /// <summary>The answer.</summary>
    public byte[] Write() => Write(WriteChoice);

    /// <summary>The answer without its choice.</summary>
    public byte[] WriteWithoutChoice() => Write(_ => { });

    private byte[] Write(Action<Utf8JsonWriter> writeChoice) =>
        JsonBody.WriteObject(json => WriteProperties(json, writeChoice), Has(StepQuirk.EscapedText));

    private void WriteProperties(Utf8JsonWriter json, Action<Utf8JsonWriter> writeChoice)
    {
        json.WriteString("id", $"chatcmpl-{request.Run}-{request.Step}");
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", now.ToUnixTimeSeconds());
        json.WriteString("model", request.Model);
        json.WriteStartArray("choices");
        writeChoice(json);
        json.WriteEndArray();
        if (!Has(StepQuirk.MissingUsage))
            WriteUsage(json);
    }

    private void WriteChoice(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WritePropertyName("content");
        WriteText(json);
        json.WriteNull("refusal");
        if (step.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            for (var i = 0; i < step.ToolCalls.Count; i++)
                WriteToolCall(json, i);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", FinishReason());
        json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json)
    {
        if (_text is null || !(Has(StepQuirk.HalfCharacter) || Has(StepQuirk.InvalidUtf8)))
        {
            json.WriteStringValue(_text);
            return;
        }

        var quoted = Encoding.UTF8.GetBytes($"\"{JavaScriptEncoder.Default.Encode(_text)}");
        byte[] end = Has(StepQuirk.HalfCharacter) ? [.. "\\ud83c\""u8] : [0xC3, (byte)'"'];
        json.WriteRawValue([.. quoted, .. end], skipInputValidation: true);
    }

    private void WriteToolCall(Utf8JsonWriter json, int index)
    {
        var call = step.ToolCalls[index];
        json.WriteStartObject();
        if (!Has(StepQuirk.MissingCallId))
            json.WriteString("id", call.Id ?? $"call_{request.Step}_{index}");
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WritePropertyName("arguments");
        if (Has(StepQuirk.ArgumentsAsObject))
            json.WriteRawValue(_arguments[index]);
        else
            json.WriteStringValue(ArgumentText(index));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string ArgumentText(int index)
    {
        if (Has(StepQuirk.EmptyArguments))
            return "";
        return Has(StepQuirk.TruncatedArguments) ? _arguments[index][..(_arguments[index].Length / 2)] : _arguments[index];
    }

    private string FinishReason()
    {
        if (Has(StepQuirk.EmptyFinishReason))
            return "";
        if (Has(StepQuirk.FinishReasonStopWithCalls))
            return "stop";
        if (Has(StepQuirk.TruncatedArguments))
            return "length";
        return step.FinishReason ?? (step.ToolCalls.Count > 0 ? "tool_calls" : "stop");
    }

    private void WriteUsage(Utf8JsonWriter json)
    {
        var usage = step.Usage ?? new ScenarioUsage
        {
            Prompt = Tokens(request.BodyLength),
            Completion = Tokens((_text?.Length ?? 0) + _arguments.Sum(argument => argument.Length)),
        };
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.Prompt);
        json.WriteNumber("completion_tokens", usage.Completion);
        json.WriteNumber("total_tokens", usage.Prompt + usage.Completion);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.Cached);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int Tokens(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    private bool Has(StepQuirk quirk) => step.Quirks.Contains(quirk);
}
