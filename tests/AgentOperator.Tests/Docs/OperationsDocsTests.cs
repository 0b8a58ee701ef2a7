using System.Reflection;
using AgentOperator.Api;

namespace AgentOperator.Tests.Docs;

/// <summary>Whatever the operator can say to a user is explained in docs/operations.md.</summary>
[TestFixture]
internal sealed class OperationsDocsTests
{
    /// <summary>They say what the condition's own name says.</summary>
    private static readonly string[] SelfEvident =
        [
            Reasons.Valid,
            Reasons.NotStarted,
            Reasons.PodRunning,
            Reasons.Recovering,
            Reasons.InProgress,
            Reasons.HeartbeatLost,
        ];

    [TestCaseSource(nameof(Words))]
    public void Operations_ExplainsEveryPhaseReasonAndOutcome(string word) =>
        Assert.That(Repository.Read("docs/operations.md"), Does.Contain($"`{word}`"));

    private static IEnumerable<string> Words() =>
        new[] { typeof(Reasons), typeof(Outcomes), typeof(Phases) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Except(SelfEvident)
            .Distinct();
}
