namespace AgentRunner.Loop;

/// <summary>What the model is told of a call that may have taken effect.</summary>
internal static class UnknownOutcome
{
    private const string Caution = "Find out whether it took effect before you do anything that builds on it or does it again.";

    /// <summary>What the model is told of a call whose machine was lost.</summary>
    public static string InFlight(string tool) =>
        $"The call of '{tool}' was in flight when the machine it ran on was lost. "
        + $"Whether it took effect is not known, and it was not repeated. {Caution}";

    /// <summary>What the model is told of an irreversible call whose result never arrived.</summary>
    public static string WithoutResult(string what) => $"{what} The outcome of this call is unknown, and the call was not repeated. {Caution}";
}
