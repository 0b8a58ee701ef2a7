namespace AgentOperator.Api.Schema;

/// <summary>
/// An http or https URL. The API server checks what a regular expression can say of it; the operator checks it with
/// <see cref="Protocol.HttpUrl"/>, whose sentences name the part at fault.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpUrlAttribute() : FormatAttribute(
    Patterns.HttpUrl,
    "must be an http or https URL with a host, a port in 1..65535 if it has one, and no credentials, spaces, backslashes or fragment");
