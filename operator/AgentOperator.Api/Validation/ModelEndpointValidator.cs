using AgentOperator.Api.Validation;

namespace AgentOperator.Api;

/// <summary>Validates a ModelEndpoint.</summary>
public static class ModelEndpointValidator
{
    private const string Operation = "/chat/completions";

    /// <summary>All violations; empty for a valid endpoint.</summary>
    public static IReadOnlyList<FieldViolation> Validate(ModelEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Spec is null)
        {
            return [new FieldViolation("spec", SchemaRules.Missing)];
        }

        var violations = SchemaRules.Check(endpoint.Spec, "spec").ToList();
        if (endpoint.Spec.BaseUrl is { } url && url.TrimEnd('/').EndsWith(Operation, StringComparison.Ordinal))
        {
            violations.Add(new FieldViolation("spec.baseUrl", $"must be the base URL, without {Operation}"));
        }

        return violations;
    }
}
