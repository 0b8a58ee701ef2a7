namespace AgentOperator.Journal;

/// <summary>Identifies the run that a journal belongs to. The UID distinguishes it from an earlier run of the same name.</summary>
public sealed record RunIdentity(string Namespace, string Name, string Uid)
{
    /// <summary>As <c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
