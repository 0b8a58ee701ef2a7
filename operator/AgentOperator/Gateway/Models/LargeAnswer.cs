using System.Text;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>Shortens paid answers that no record can hold, so that as much as possible of them is kept.</summary>
internal static class LargeAnswer
{
    /// <summary>If no field is larger than this, something else is too large.</summary>
    private const int SmallBytes = 16 * 1024;

    /// <summary>
    /// The answer without its largest field, which is one of the message's other fields (images, for example), the reasoning, or the text. Half of
    /// the text is kept, with a note. Calls stay whole, since a cut one could not be run. When nothing else is large, only the usage is left.
    /// </summary>
    public static ModelAnswerPayload Shorten(ModelAnswerPayload answer)
    {
        var (extra, reasoning, text) = (SizeOf(answer.Extra?.GetRawText()), SizeOf(answer.Reasoning), SizeOf(answer.Text));
        return Math.Max(Math.Max(extra, reasoning), text) <= SmallBytes ? OnlyUsage(answer)
            : extra >= Math.Max(reasoning, text) ? answer with { Extra = null }
            : reasoning >= text ? answer with { Reasoning = null }
            : answer with
            {
                Text = $"{TextLimit.Prefix(answer.Text!, text / 2)}\n\n[The answer is cut here: the rest does not fit into the run's journal.]",
                FinishReason = answer.ToolCalls.Count == 0 ? "length" : answer.FinishReason,
            };
    }

    /// <summary>What was paid for the answer, and nothing of the answer.</summary>
    public static ModelAnswerPayload OnlyUsage(ModelAnswerPayload answer) =>
        new()
        {
            Model = answer.Model, Endpoint = answer.Endpoint, FinishReason = ModelAnswerPayload.TooLarge, RequestHash = answer.RequestHash,
            Usage = answer.Usage,
        };

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
