using System.Text.RegularExpressions;
using AgentOperator.Gateway.Models.Answers;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Some servers answer with an error when they cannot parse the tool call that their model wrote. The request is not at fault and the server is well,
/// so it is an answer with a call that cannot be read.
/// </summary>
internal static partial class UnparsedCall
{
    private const string Code = "tool_use_failed";

    /// <summary>The answer; null if the error is another one.</summary>
    /// <param name="error">The error in the body.</param>
    /// <param name="request">The request.</param>
    /// <param name="model">The model that was asked for.</param>
    public static ModelAnswerPayload? Find(ProviderError? error, ReadOnlyMemory<byte> request, string model)
    {
        if (error is null)
        {
            return null;
        }

        if (error.Codes.Contains(Code))
        {
            // All that the model wrote. The server may only miss a tool of that name, or an argument.
            return error.FailedGeneration is { } written && RequestedTools.NamesOf(request) is { Count: > 0 } tools
                && TextCalls.Read(written, tools.ToHashSet(StringComparer.Ordinal)) is { Calls.Count: > 0 } read
                    ? Answer(model, read.Text) with { ToolCalls = read.Calls }
                    : Answer(model, error.FailedGeneration);
        }

        return Message().Match(error.Message ?? "") is { Success: true } match
            ? Answer(model, match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success)?.Value)
            : null;
    }

    private static ModelAnswerPayload Answer(string model, string? text) =>
        new() { Model = model, Text = string.IsNullOrWhiteSpace(text) ? null : text, FinishReason = "tool_calls" };

    [GeneratedRegex(
        @"^(?:error parsing tool call: raw='(.*)', err=|Failed to parse input at pos \d+: (.*)$"
            + @"|The model produced output that does not match the expected\b)",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Message();
}
