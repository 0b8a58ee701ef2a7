namespace AgentOperator.Journal;

/// <summary>Which run a journal belongs to. The UID keeps a run apart from an earlier one of the same name.</summary>
internal sealed record RunIdentity(string Namespace, string Name, string Uid)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
