using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>An environment variable of the agent's container.</summary>
[ValidationRule("!self.name.startsWith('AGENT_') && self.name != 'IDEMPOTENCY_KEY'",
    "IDEMPOTENCY_KEY and names that begin with AGENT_ belong to the operator", FieldPath = ".name")]
[ValidationRule("!has(self.value) || !has(self.valueFrom)", "value and valueFrom cannot both be given", FieldPath = ".valueFrom")]
public sealed record EnvironmentVariable
{
    /// <summary>The variable's name.</summary>
    [MaxLength(253), RegularExpression(Patterns.VariableName)]
    public required string Name { get; init; }

    /// <summary>The variable's value. Everyone who can read the run can read it. Default: empty.</summary>
    [MaxLength(16384)]
    public string? Value { get; init; }

    /// <summary>Where to read the value from, if it is not given inline.</summary>
    public EnvironmentSource? ValueFrom { get; init; }
}
