namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Whether a runner knew the journal before it wrote.</summary>
internal static class ReadFirst
{
    /// <summary>Checks it.</summary>
    /// <param name="point">The point.</param>
    /// <param name="verdict">Takes the finding.</param>
    /// <param name="steps">The attempt's requests.</param>
    /// <param name="head">The journal's head when the attempt began.</param>
    public static void Check(Point point, Verdict verdict, IReadOnlyList<Exchange> steps, long head)
    {
        var read = steps.TakeWhile(step => !step.IsWrite).SelectMany(step => step.Sequences).ToHashSet();
        var missing = Enumerable.Range(1, (int)head).Where(sequence => !read.Contains(sequence)).ToList();
        verdict.Check(
            point, steps.Any(step => step.IsWrite) && missing.Count == 0, $"records 1 to {head} are read before the first write",
            missing.Count == 0 ? string.Join("; ", steps.Take(6)) : $"not read: {string.Join(", ", missing)}; {string.Join("; ", steps.Take(6))}");
    }
}
