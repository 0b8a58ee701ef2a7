using AgentOperator.Api;

namespace AgentOperator.Validation;

/// <summary>Finds why a ModelEndpoint cannot be used. It can be mended while the run waits.</summary>
internal static class EndpointBlocker
{
    /// <summary>What is wrong; null when nothing is.</summary>
    public static Blocker? Find(ModelEndpoint? endpoint, string name, string namespaceName)
    {
        if (endpoint is null)
        {
            return new Blocker(Reasons.ModelEndpointNotFound, $"There is no ModelEndpoint '{name}' in namespace '{namespaceName}'.");
        }

        var violations = ModelEndpointValidator.Validate(endpoint);
        return violations.Count == 0
            ? null
            : new Blocker(
                Reasons.InvalidModelEndpoint,
                $"ModelEndpoint '{name}' cannot be used: {SpecProblems.Describe([.. violations.Select(violation => violation.ToString())])}");
    }
}
