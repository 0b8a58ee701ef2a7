namespace AgentOperator.EndToEnd.Edges;

/// <summary>What somebody writes into the status of a run at work. The journal says what is true.</summary>
internal static class StatusManipulations
{
    private const string PodRunning = $"condition Running=True {Reasons.PodRunning}";

    public static IReadOnlyList<Manipulation> All { get; } =
    [
        Phase("phase-succeeded", """{"status": {"phase": "Succeeded"}}"""),
        Status("phase-failed", """
            {"status": {"phase": "Failed", "finishedAt": "2026-01-01T00:00:00Z",
              "conditions": [{"type": "Finished", "status": "True", "reason": "Completed", "message": "Forged.",
                "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
            """),
        Phase("phase-unknown", """{"status": {"phase": "Levitating"}}"""),
        Phase("phase-removed", """{"status": {"phase": null}}"""),
        Status("conditions-removed", """{"status": {"conditions": null}}"""),
        Status("conditions-emptied", """{"status": {"conditions": []}}"""),
        Status("status-removed", """{"status": null}"""),
        Status("attempts-removed", """{"status": {"attempts": null, "attempt": null, "pod": null}}"""),
        Status("attempt-ended", """
            {"status": {"lastExit": "Error", "failures": 99,
              "attempts": [{"number": 1, "outcome": "Error", "startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:01Z"}]}}
            """),
        Status("attempt-of-the-future", """{"status": {"attempt": 99, "attempts": [{"number": 99, "startedAt": "2026-01-01T00:00:00Z"}]}}"""),
        Status("failures-many", """{"status": {"failures": 1000000}}"""),
        Status("checkpoint-forged", """{"status": {"checkpoint": {"sequence": 999, "time": "2026-01-01T00:00:00Z"}}}"""),
        Phase("waiting-forged", """{"status": {"phase": "Waiting", "waitingFor": "Forged.", "nextAttemptAt": "2099-01-01T00:00:00Z"}}"""),
        Status("started-long-ago", """{"status": {"startedAt": "2020-01-01T00:00:00Z"}}""") with
        {
            Spec = spec => spec with { Limits = new LimitsSpec { ActiveDeadlineSeconds = 3600 } },
        },
        Status("generation-of-the-future", """{"status": {"observedGeneration": 99}}"""),
    ];

    /// <summary>The condition was not touched, so only the phase tells that the operator has seen to it.</summary>
    private static Manipulation Phase(string name, string patch) => Status(name, patch) with { Meanwhile = ["phase Running"] };

    private static Manipulation Status(string name, string patch) => new($"status-{name}", run => run.PatchStatusAsync(patch))
    {
        Meanwhile = [PodRunning],
    };
}
