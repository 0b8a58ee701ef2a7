namespace AgentOperator.Journal;

/// <summary>Which run a journal belongs to. The UID keeps a run apart from an earlier one of the same name.</summary>
public sealed record RunIdentity(string Namespace, string Name, string Uid)
{
    /// <summary>As <c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
