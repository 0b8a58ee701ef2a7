namespace AgentOperator.SimulatedNodes.Runs;

/// <summary>Does a numbered thing many times, some at a time.</summary>
internal static class ParallelTasks
{
    /// <summary>Runs 0 to <paramref name="count"/> - 1.</summary>
    public static Task RunAsync(int count, int parallel, Func<int, Task> work) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (number, _) => await work(number));
}
