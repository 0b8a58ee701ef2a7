using AgentOperator.Api.Validation;

namespace AgentOperator.Api;

/// <summary>Validates a ModelEndpoint.</summary>
public static class ModelEndpointValidator
{
    /// <summary>All violations; empty for a valid endpoint.</summary>
    public static IReadOnlyList<FieldViolation> Validate(ModelEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Spec is null)
        {
            return [new FieldViolation("spec", SchemaRules.Missing)];
        }

        var (spec, violations) = (endpoint.Spec, SchemaRules.Check(endpoint.Spec, "spec").ToList());

        // Rules across fields assume that required fields are present.
        if (violations.TrueForAll(violation => violation.Message != SchemaRules.Missing))
        {
            violations.AddRange(EndpointUrlRules.CheckBase(spec.BaseUrl));
            violations.AddRange(EndpointUrlRules.CheckProxy(spec.ProxyUrl));
            violations.AddRange(CaBundleRules.Check(spec.CaBundle, "spec.caBundle"));
            violations.AddRange(HeaderRules.Check(spec));
            violations.AddRange(ParameterRules.Check(spec.Parameters, "spec.parameters"));
            violations.AddRange(FallbackRules.Check(endpoint));
        }

        return violations;
    }
}
