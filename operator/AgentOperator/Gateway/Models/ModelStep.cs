using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;

namespace AgentOperator.Gateway.Models;

/// <summary>The step that a model call is for, and who asks.</summary>
/// <param name="Runner">The runner that asks.</param>
/// <param name="Key">The step's key.</param>
/// <param name="ExpectedSequence">The journal's head as the runner knows it; the answer is committed right after it.</param>
internal sealed record ModelStep(RunnerIdentity Runner, string Key, long ExpectedSequence)
{
    /// <summary>Whether the runner has asked for this step before and got no answer: another replica may have the call under way.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Lower-case hex SHA-256 of the request's body; null if it is not known, as when another replica asks.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Whether the runner owns this head and knows it.</summary>
    public bool IsAt(JournalHead head) =>
        head.Finished is null && head.Sequence == ExpectedSequence && head.Epoch == Runner.Writer.Epoch && head.PodUid == Runner.Writer.PodUid;
}
