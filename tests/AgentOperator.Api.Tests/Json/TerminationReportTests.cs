using AgentOperator.Protocol;

namespace AgentOperator.Api.Tests.Json;

public sealed class TerminationReportTests
{
    [TestCase("""{"reason":"Diverged","message":"Record 7 differs."}""", "Diverged", "Record 7 differs.")]
    [TestCase("""{"reason":"Diverged"}""", "Diverged", null)]
    [TestCase("""{"reason":"FromALaterRunner","message":"x","more":[1]}""", "FromALaterRunner", "x")]
    [TestCase("Diverged: Record 7: it differs.", "Diverged", "Record 7: it differs.", TestName = "Read_AnOlderRunnersWords")]
    [TestCase("panic: index out of range", null, "panic: index out of range")]
    [TestCase("Segmentation fault (core dumped)", null, "Segmentation fault (core dumped)")]
    [TestCase("""{"reason":"not a word"}""", null, """{"reason":"not a word"}""")]
    [TestCase(
        """{"reason":"Error","message":"\ud83c"}""", null, """{"reason":"Error","message":"\ud83c"}""", TestName = "Read_HalfAnEscapedCharacter")]
    [TestCase("[1]", null, "[1]")]
    [TestCase("""{"reason":7}""", null, """{"reason":7}""")]
    [TestCase("""{"message":"no reason"}""", null, """{"message":"no reason"}""")]
    [TestCase("""{"reason":"Cut","mess""", null, """{"reason":"Cut","mess""")]
    public void Read(string text, string? reason, string? message) =>
        Assert.That(TerminationReport.Read(text), Is.EqualTo(new TerminationReport(reason, message)));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" \n")]
    public void Read_NothingSaid_IsNull(string? text) => Assert.That(TerminationReport.Read(text), Is.Null);
}
