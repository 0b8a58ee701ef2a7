namespace AgentOperator.Api;

/// <summary>A violated rule of a field.</summary>
/// <param name="Field">Path of the field from the object's root, such as <c>spec.tools[1].mcp.url</c>.</param>
/// <param name="Message">A sentence with the field as its subject, such as <c>must be between 1 and 100</c>. Contains no text of a task.</param>
public sealed record FieldViolation(string Field, string Message)
{
    /// <summary>Field and message as one line.</summary>
    public override string ToString() => $"{Field}: {Message}";
}
