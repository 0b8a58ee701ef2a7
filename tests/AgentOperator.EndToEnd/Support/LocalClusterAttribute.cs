using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace AgentOperator.EndToEnd.Support;

/// <summary>
/// Marks a test that does something to the cluster or its machine that only the local cluster may suffer. Elsewhere it is ignored.
/// </summary>
/// <param name="because">What the test does, as the end of a sentence: "kills the agent's process on its node".</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class LocalClusterAttribute(string because) : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        if (!TestCluster.IsLocal)
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, TestCluster.WhyOnlyLocal(because));
        }
    }
}
