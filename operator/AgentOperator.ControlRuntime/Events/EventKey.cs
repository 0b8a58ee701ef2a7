namespace AgentOperator.ControlRuntime;

/// <summary>What makes two events the same one again. The note is not part of it: it often names a number.</summary>
internal sealed record EventKey(
    string Namespace, string RegardingKind, string RegardingName, string RegardingUid, string RegardingFieldPath, string RelatedUid,
    string RelatedName,
    string Type, string Reason, string Action)
{
    public static EventKey Of(RecordedEvent recorded)
    {
        var regarding = recorded.Regarding;
        return new EventKey(
            recorded.Namespace, regarding.Kind ?? "", regarding.Name ?? "", regarding.Uid ?? "", regarding.FieldPath ?? "",
            recorded.Related?.Uid ?? "", recorded.Related?.Name ?? "", recorded.Type, recorded.Reason, recorded.Action);
    }
}
