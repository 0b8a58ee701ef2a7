using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A header that is sent to a model provider.</summary>
[ValidationRule("has(self.value) != has(self.secretKeyRef)", "exactly one of value and secretKeyRef must be given", FieldPath = ".value")]
public sealed record HeaderSpec
{
    /// <summary>Name of the header. Headers of the connection and those that the gateway sets itself cannot be given.</summary>
    [MinLength(1), MaxLength(128), RegularExpression(Patterns.HeaderName)]
    [ValidationRule(
        "!self.matches('(?i)^(host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|accept-encoding"
        + "|idempotency-key)$')",
        "is a header that the gateway sets itself")]
    public required string Name { get; init; }

    /// <summary>The value in plain text. Use secretKeyRef for keys.</summary>
    [MaxLength(4096)]
    [ValidationRule("self.matches('^[!-~]([ -~]*[!-~])?$')", "must be printable ASCII without spaces at its ends")]
    public string? Value { get; init; }

    /// <summary>The Secret that holds the value. The value stays in the operator; agent pods never see it.</summary>
    public SecretKeyReference? SecretKeyRef { get; init; }
}
