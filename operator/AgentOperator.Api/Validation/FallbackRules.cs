namespace AgentOperator.Api.Validation;

/// <summary>Validates a ModelEndpoint's fallbacks. Fallbacks of fallbacks are not used, so two endpoints may name each other.</summary>
internal static class FallbackRules
{
    /// <summary>The fallbacks that name the endpoint itself.</summary>
    public static IEnumerable<FieldViolation> Check(ModelEndpoint endpoint) =>
        from fallback in (endpoint.Spec.Fallbacks ?? []).Index()
        where fallback.Item.Name == endpoint.Metadata?.Name
        select new FieldViolation($"spec.fallbacks[{fallback.Index}].name", "must be another ModelEndpoint");
}
