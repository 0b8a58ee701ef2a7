namespace AgentOperator.Api.Schema;

/// <summary>
/// A regular expression that a string must match, with a readable message. It becomes a CEL rule instead of a schema pattern, because for a
/// pattern the API server's error shows only the expression.
/// </summary>
/// <param name="pattern">The regular expression. Must not contain a single quote.</param>
/// <param name="message">The error message: what the string must be.</param>
[AttributeUsage(AttributeTargets.Property)]
public class FormatAttribute(string pattern, string message) : Attribute
{
    /// <summary>The regular expression. Must not contain a single quote.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>The error message: what the string must be.</summary>
    public string Message { get; } = message;
}
