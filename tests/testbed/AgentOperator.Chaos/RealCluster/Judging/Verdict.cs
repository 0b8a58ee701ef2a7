using AgentOperator.Chaos.Judging;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>What came of judging.</summary>
internal sealed class Verdict
{
    private readonly List<Finding> _findings = [];
    private readonly List<AllowedException> _exceptions = [];

    /// <summary>What must not be.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>What is allowed to be.</summary>
    public IReadOnlyList<AllowedException> Exceptions => _exceptions;

    /// <summary>Adds what must not be.</summary>
    /// <param name="kind">Which number of the last line it adds to.</param>
    /// <param name="subject">The run or the object.</param>
    /// <param name="text">What was seen.</param>
    public void Find(FindingKind kind, string subject, string text) => Find(new Finding(kind, subject, text));

    /// <summary>Adds what must not be.</summary>
    public void Find(Finding finding) => _findings.Add(finding);

    /// <summary>Adds what is allowed to be.</summary>
    public void Allow(ExceptionKind kind, string text) => _exceptions.Add(new AllowedException(kind, text));
}
