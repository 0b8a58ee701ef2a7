using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace AgentOperator.EndToEnd.Support;

/// <summary>Marks a test that kills processes of the cluster's machine, which only the local cluster's is.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class LocalClusterAttribute : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        if (!TestCluster.IsLocal)
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, "CLUSTER=current: the test kills processes of the cluster's machine, which is not ours.");
        }
    }
}
