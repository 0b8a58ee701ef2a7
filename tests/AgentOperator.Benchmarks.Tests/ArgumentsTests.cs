namespace AgentOperator.Benchmarks.Tests;

public class ArgumentsTests
{
    [Test]
    public void ReportPath_Everything_IsTheReport() => Assert.That(Arguments.Parse([]).ReportPath, Is.EqualTo("docs/benchmarks.md"));

    [Test]
    public void ReportPath_APart_IsNone() => Assert.That(Arguments.Parse(["--only", "restart"]).ReportPath, Is.Null);

    [Test]
    public void ReportPath_APartAndAReport_IsThatReport() =>
        Assert.That(Arguments.Parse(["--only", "restart", "--report", "part.md"]).ReportPath, Is.EqualTo("part.md"));

    [Test]
    public void ReportPath_Dash_IsNone() => Assert.That(Arguments.Parse(["--report", "-"]).ReportPath, Is.Null);
}
