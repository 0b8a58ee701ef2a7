using System.Globalization;

namespace AgentOperator.Protocol;

/// <summary>
/// Tool-call ids that can be answered. Models give the same id twice or none; the same rule on every replay gives
/// such calls the same new id, so that requests and step keys stay what they were.
/// </summary>
public static class CallIds
{
    /// <summary>Gives each call an id that is unique within its answer.</summary>
    /// <param name="step">Which answer of the run it is, from 1.</param>
    /// <param name="calls">The calls as the model gave them.</param>
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
