using System.Globalization;
using AgentOperator.Protocol;
using AgentRunner.Gateway;

namespace AgentRunner.Conversations;

/// <summary>
/// Which bound a conversation gets next. Pure. Whatever a provider takes, it comes to an end: what can be shortened halves each time.
/// </summary>
internal static class ContextShortening
{
    /// <summary>Providers count tokens and this runner bytes, so what is said to fit may not.</summary>
    private const double Margin = 0.9;

    /// <summary>Less than this is not worth another call.</summary>
    private const int SmallestStep = 256;

    /// <summary>The bound after the provider refused the conversation as too long; null when nothing is left to shorten.</summary>
    public static ContextShortenedPayload? AfterRefusal(Conversation conversation, GatewayException refusal)
    {
        var (sent, shortest) = (conversation.ContextBytes, conversation.ShortestContextBytes);
        if (sent <= shortest)
        {
            return null;
        }

        var half = shortest + ((sent - shortest) / 2);
        var bound = half - shortest < SmallestStep ? shortest : half;
        if (!conversation.WasRefused && refusal is { RequestSize: > 0 and var size, MaxRequestSize: > 0 and var limit } && limit < size)
        {
            // What the provider says is believed once: some count only until it is too much.
            bound = Math.Max(shortest, (long)(sent * Margin * limit / size));
        }

        return new ContextShortenedPayload
        {
            MaxBytes = (int)Math.Clamp(bound, 1, int.MaxValue), Limit = conversation.ContextLimit, Refusal = refusal.Message,
        };
    }

    /// <summary>
    /// The bound after limits.maxContextBytes changed; null if it is what the journal has. Raising it is a new try, whatever was refused before.
    /// </summary>
    public static ContextShortenedPayload? AfterChange(Conversation conversation, int limit) => limit == conversation.ContextLimit
        ? null
        : new ContextShortenedPayload
        {
            MaxBytes = limit > conversation.ContextLimit ? limit : Math.Min(limit, conversation.ContextBound), Limit = limit,
        };

    /// <summary>Why a run ends whose conversation cannot be shortened any further.</summary>
    public static string NothingLeft(Conversation conversation, string refusal)
    {
        var (name, size, advice) = Parts(conversation).MaxBy(part => part.Size);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The conversation is longer than the model's context, and nothing is left to shorten. {refusal} The largest part is {name} with {size} "
                + $"bytes. {advice}, or use a model or a server with a larger context. spec.model.maxOutputTokens may count against it, too.");
    }

    private static IEnumerable<(string Name, int Size, string Advice)> Parts(Conversation conversation)
    {
        var prompt = conversation.Prompt;
        yield return ("the task", Utf8.Size(prompt.Task), "Make the task shorter");
        yield return ("the instructions", Utf8.Size(prompt.Instructions), "Make spec.instructions shorter");
        yield return (
            "the list of tools", prompt.Tools.Sum(tool => Utf8.Size(tool.Name) + Utf8.Size(tool.Description) + Utf8.Size(tool.Schema)),
            "Offer fewer tools (spec.tools, or allow of an MCP server)");
        if (conversation.Turns.Count == 0)
        {
            yield break;
        }

        var turn = conversation.Turns[^1];
        yield return ("the model's last answer", Utf8.Size(turn.Answer.Text) + Utf8.Size(turn.Answer.Reasoning), "Ask for shorter answers");
        foreach (var call in turn.Calls)
        {
            yield return ($"the arguments of the last call of '{call.SentName}'", Utf8.Size(call.Call.Arguments), "Ask for smaller calls");
            yield return ($"the result of the last call of '{call.SentName}'", Utf8.Size(call.SentContent), "Ask for fewer calls at a time");
        }
    }
}
