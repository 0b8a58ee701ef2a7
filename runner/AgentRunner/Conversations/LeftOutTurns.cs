using System.Globalization;

namespace AgentRunner.Conversations;

/// <summary>What stands for the oldest turns when they are left out.</summary>
internal static class LeftOutTurns
{
    /// <summary>What a note may have at most.</summary>
    public const int NoteBytes = 160;

    /// <summary>The task as it is sent.</summary>
    /// <param name="task">The task.</param>
    /// <param name="count">How many turns are left out.</param>
    public static string AddTo(string task, int count) => count == 0 ? task : string.Create(
        CultureInfo.InvariantCulture,
        $"{task}\n\n[Your first {count} steps are left out here: they do not fit into the model's context. What they did stays done.]");
}
