namespace AgentOperator.ControlRuntime;

/// <summary>
/// Doubles a delay with each failure up to a cap, and takes up to half of it off at random, so that what failed together does not come back together.
/// </summary>
/// <param name="baseDelay">The delay after the first failure.</param>
/// <param name="cap">The longest delay.</param>
/// <param name="random">A number in [0, 1).</param>
internal sealed class ExponentialDelay(TimeSpan baseDelay, TimeSpan cap, Func<double> random)
{
    public TimeSpan For(int earlierFailures)
    {
        var delay = Math.Min(baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(earlierFailures, 62)), cap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(delay * (1 - (random() / 2)));
    }
}
