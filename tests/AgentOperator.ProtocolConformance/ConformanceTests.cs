namespace AgentOperator.ProtocolConformance;

/// <summary>The conformance test of a runner. A point is a test.</summary>
[TestFixtureSource(typeof(RunnerUnderTest), nameof(RunnerUnderTest.Chosen))]
internal sealed class ConformanceTests(RunnerUnderTest runner)
{
    private IReadOnlyList<Finding> _findings = [];

    private static IEnumerable<Point> Points => AllPoints.List;

    [OneTimeSetUp]
    public async Task JudgeAsync() => _findings = await Suite.JudgeAsync(runner, Suite.Trials);

    [TestCaseSource(nameof(Points))]
    public void Point(Point point)
    {
        var found = _findings.Where(finding => finding.Point == point).ToList();
        Assert.That(found, Is.Not.Empty, "no trial decides the point");
        Assert.That(found.Where(finding => !finding.Passed).Select(finding => finding.ToString()), Is.Empty);
    }
}
