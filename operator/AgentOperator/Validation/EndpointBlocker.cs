using AgentOperator.Api;

namespace AgentOperator.Validation;

/// <summary>Checks whether a ModelEndpoint is usable. Users can fix it while the run waits.</summary>
internal static class EndpointBlocker
{
    /// <summary>Why the endpoint is unusable; null if it is usable.</summary>
    public static Blocker? Find(ModelEndpoint? endpoint, string name, string namespaceName)
    {
        if (endpoint is null)
        {
            return new Blocker(Reasons.ModelEndpointNotFound, $"ModelEndpoint '{name}' not found in namespace '{namespaceName}'.");
        }

        var violations = ModelEndpointValidator.Validate(endpoint);
        return violations.Count == 0
            ? null
            : new Blocker(
                Reasons.InvalidModelEndpoint,
                $"ModelEndpoint '{name}' is invalid: {SpecProblems.Describe([.. violations.Select(violation => violation.ToString())])}");
    }
}
