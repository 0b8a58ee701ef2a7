using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.Sabotage;

namespace AgentOperator.Chaos.Tests;

/// <summary>The oracles can fail: each rule that is broken on purpose is noticed, and for the right reason.</summary>
internal sealed class SabotageTests
{
    private const ulong Seeds = 500;

    private static readonly IReadOnlyList<TestCaseData> Sabotages =
    [
        new TestCaseData(new BrokenFencing(), FindingKind.Lost, "after a newer epoch was claimed").SetName("Run_FencingBroken_IsNoticed"),
        new TestCaseData(new AnswerBeforeCommit(), FindingKind.Lost, "that is not committed").SetName("Run_AnswerReturnedBeforeItsCommit_IsNoticed"),
        new TestCaseData(new IntentAfterTool(), FindingKind.Duplicated, "starts again")
            .SetName("Run_IntentCommittedAfterItsTool_StartsIrreversibleCallsTwice"),
    ];

    [TestCaseSource(nameof(Sabotages))]
    public void Run_RuleBroken_IsNoticed(object sabotage, object kind, string text)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var result = Simulation.Run(seed, (ISabotage)sabotage);
            if (result.Findings.Any(finding => finding.Kind.Equals(kind) && finding.Text.Contains(text, StringComparison.Ordinal)))
            {
                TestContext.Out.WriteLine($"noticed by seed {seed}");
                return;
            }
        }

        Assert.Fail($"not noticed in {Seeds} seeds");
    }
}
