namespace AgentOperator.Api;

/// <summary>A rule that a field breaks.</summary>
/// <param name="Field">Path of the field from the object's root, such as <c>spec.tools[1].mcp.url</c>.</param>
/// <param name="Message">The rest of a sentence that begins with the field, such as <c>must be between 1 and 100</c>. Holds no text of a task.</param>
public sealed record FieldViolation(string Field, string Message)
{
    /// <summary>Field and message as one line.</summary>
    public override string ToString() => $"{Field}: {Message}";
}
