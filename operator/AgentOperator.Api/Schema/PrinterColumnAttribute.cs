namespace AgentOperator.Api.Schema;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="name">The column's header.</param>
/// <param name="type">OpenAPI type: string, integer or date (shown as an age).</param>
/// <param name="jsonPath">JSONPath of the value, from the object's root.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    /// <summary>The column's header.</summary>
    public string Name { get; } = name;

    /// <summary>OpenAPI type: string, integer or date (shown as an age).</summary>
    public string Type { get; } = type;

    /// <summary>JSONPath of the value, from the object's root.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>Shown only with <c>-o wide</c>.</summary>
    public bool Wide { get; init; }
}
