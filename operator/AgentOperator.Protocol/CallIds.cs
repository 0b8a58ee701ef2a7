using System.Globalization;

namespace AgentOperator.Protocol;

/// <summary>
/// Makes tool-call ids unique. Some models repeat an id or omit it. The rule is deterministic, so a replay produces the
/// same ids, and with them the same requests and step keys.
/// </summary>
public static class CallIds
{
    /// <summary>Gives each call an id that is unique within its answer.</summary>
    /// <param name="step">The ordinal of the answer within the run, from 1.</param>
    /// <param name="calls">The calls as the model sent them.</param>
    public static IReadOnlyList<ToolCall> MakeUnique(int step, IReadOnlyList<ToolCall> calls)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var unique = new ToolCall[calls.Count];
        for (var i = 0; i < calls.Count; i++)
        {
            var id = calls[i].Id;
            for (var n = 0; string.IsNullOrEmpty(id) || !taken.Add(id); n++)
            {
                id = string.Create(CultureInfo.InvariantCulture, $"call_{step}_{i}{(n == 0 ? "" : $"_{n}")}");
            }

            unique[i] = calls[i] with { Id = id };
        }

        return unique;
    }
}
