namespace AgentOperator.Api.Schema;

/// <summary>
/// What a string must match, with the sentence for one that does not. It becomes a CEL rule and not a pattern of the schema, because the
/// API server answers a broken pattern with the expression itself, which nobody wants to read.
/// </summary>
/// <param name="pattern">The regular expression; it holds no single quote.</param>
/// <param name="message">What the string must be.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormatAttribute(string pattern, string message) : Attribute
{
    /// <summary>The regular expression; it holds no single quote.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>What the string must be.</summary>
    public string Message { get; } = message;
}
