using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Judging;

/// <summary>I4: an irreversible call starts once, and a keyed one always under the same key, which is its own. Pure.</summary>
internal static class EffectJudge
{
    /// <summary>What is wrong with a start; null when nothing is.</summary>
    /// <param name="start">The start.</param>
    /// <param name="earlier">The run's earlier ones.</param>
    public static string? Judge(ToolStart start, IReadOnlyList<ToolStart> earlier) => start.Effect switch
    {
        ToolEffect.Irreversible when earlier.Any(other => other.Call == start.Call) =>
            $"irreversible call {start.Call} starts again, by {start.By}",
        ToolEffect.Keyed when string.IsNullOrEmpty(start.Key) =>
            $"keyed call {start.Call} starts without a key, by {start.By}",
        ToolEffect.Keyed when earlier.Any(other => other.Call == start.Call && other.Key != start.Key) =>
            $"keyed call {start.Call} starts under another key, by {start.By}",
        ToolEffect.Keyed when earlier.FirstOrDefault(other => other.Call != start.Call && other.Key == start.Key) is { } other =>
            $"keyed call {start.Call} starts under the key of call {other.Call}, by {start.By}",
        _ => null,
    };
}
