namespace AgentOperator.Integration.Support;

/// <summary>Waits for what must come soon: 90 s, whatever the machine has to do besides.</summary>
internal static class Soon
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static Task BeTrueAsync(Func<bool> condition, string what) => BeTrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static Task BeTrueAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(what, condition, Deadline);
}
