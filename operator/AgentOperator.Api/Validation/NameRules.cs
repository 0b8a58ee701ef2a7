namespace AgentOperator.Api.Validation;

/// <summary>Validates a run's name, which is a label value and the prefix of pod names.</summary>
internal static class NameRules
{
    private const string Path = "metadata.name";

    public static IEnumerable<FieldViolation> Check(string? name) =>
        string.IsNullOrEmpty(name)
            ? [new FieldViolation(Path, SchemaRules.Missing)]
            : TextRules.Check(name, Path, 1, AgentRun.MaxNameLength, Patterns.Label);
}
