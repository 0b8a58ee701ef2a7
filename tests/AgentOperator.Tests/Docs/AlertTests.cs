using System.Text.RegularExpressions;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using AgentOperator.Telemetry;

namespace AgentOperator.Tests.Docs;

/// <summary>The chart's alerts name what the operator says, and docs/operations.md says what to do about each.</summary>
internal sealed partial class AlertTests
{
    private const string File = "charts/agent-operator/files/alerts.yaml";

    private static readonly Dictionary<string, LabelValues> Labels = new()
    {
        ["reason"] = LabelValues.OfConstants(typeof(Reasons)),
        ["code"] = LabelValues.OfConstants(typeof(ErrorCodes)),
        ["result"] = LabelValues.OfConstants(typeof(ReconcileOutcome)),
    };

    [TestCaseSource(nameof(Names))]
    public void Operations_ExplainsEveryAlert(string alert) => Assert.That(Repository.Read("docs/operations.md"), Does.Contain($"`{alert}`"));

    [TestCaseSource(nameof(Values))]
    public void Alerts_ValueOfALabel_IsOneThatTheOperatorUses(string label, string value) => Assert.That(Labels[label].Of(value), Is.EqualTo(value));

    private static IEnumerable<string> Names() => Alert().Matches(Repository.Read(File)).Select(match => match.Groups[1].Value);

    private static IEnumerable<TestCaseData> Values() => Selector().Matches(Repository.Read(File)).SelectMany(match =>
        match.Groups["values"].Value.Split('|').Select(value => new TestCaseData(match.Groups["label"].Value, value)));

    [GeneratedRegex("""- alert: (\w+)""")]
    private static partial Regex Alert();

    [GeneratedRegex("""\{(?<label>\w+)=~?"(?<values>[^"]+)"\}""")]
    private static partial Regex Selector();
}
