using AgentOperator.Api;

namespace AgentOperator.Validation;

/// <summary>Why a ModelEndpoint cannot be used; it can be mended while the run waits.</summary>
internal sealed record EndpointProblem(string Reason, string Message)
{
    /// <summary>What is wrong; null when nothing is.</summary>
    public static EndpointProblem? Find(ModelEndpoint? endpoint, string name, string namespaceName)
    {
        if (endpoint is null)
        {
            return new EndpointProblem(Reasons.ModelEndpointNotFound, $"There is no ModelEndpoint '{name}' in namespace '{namespaceName}'.");
        }

        var violations = ModelEndpointValidator.Validate(endpoint);
        return violations.Count == 0
            ? null
            : new EndpointProblem(
                Reasons.InvalidModelEndpoint, $"ModelEndpoint '{name}' cannot be used: {SpecProblems.Describe([.. violations.Select(violation => violation.ToString())])}");
    }
}
