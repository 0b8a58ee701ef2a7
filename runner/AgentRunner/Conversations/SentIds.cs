using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>Call ids as they go back to the provider. An id of printable ASCII goes back as it came: some providers keep state in it.</summary>
internal static class SentIds
{
    private const int MaxLength = 4096;

    /// <summary>An id for each call of an answer, unique within it.</summary>
    /// <param name="step">Which answer of the run it is, from 1.</param>
    /// <param name="calls">The calls.</param>
    public static IReadOnlyList<string> Of(int step, IReadOnlyList<ToolCall> calls) =>
        [.. CallIds.MakeUnique(step, [.. calls.Select(call => IsSendable(call.Id) ? call : call with { Id = "" })]).Select(call => call.Id)];

    private static bool IsSendable(string id) => id.Length <= MaxLength && id.All(character => character is > ' ' and <= '~');
}
