using AgentOperator.Chaos.Oracles;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>What came of judging.</summary>
internal sealed class Verdict
{
    private readonly List<ClusterFinding> _findings = [];
    private readonly List<AllowedException> _exceptions = [];

    /// <summary>What must not be.</summary>
    public IReadOnlyList<ClusterFinding> Findings => _findings;

    /// <summary>What is allowed to be.</summary>
    public IReadOnlyList<AllowedException> Exceptions => _exceptions;

    /// <summary>Adds what must not be.</summary>
    /// <param name="kind">Which number of the last line it adds to.</param>
    /// <param name="subject">The run or the object.</param>
    /// <param name="text">What was seen.</param>
    public void Find(FindingKind kind, string subject, string text) => _findings.Add(new ClusterFinding(kind, subject, text));

    /// <summary>Adds what is allowed to be.</summary>
    public void Allow(ExceptionKind kind, string text) => _exceptions.Add(new AllowedException(kind, text));
}
