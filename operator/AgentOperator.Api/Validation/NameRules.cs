namespace AgentOperator.Api.Validation;

/// <summary>A run's name begins its pods' names and is the value of a label.</summary>
internal static class NameRules
{
    private const string Path = "metadata.name";

    public static IEnumerable<FieldViolation> Check(string? name) =>
        string.IsNullOrEmpty(name)
            ? [new FieldViolation(Path, SchemaRules.Missing)]
            : TextRules.Check(name, Path, 1, AgentRun.MaxNameLength, Patterns.Label);
}
