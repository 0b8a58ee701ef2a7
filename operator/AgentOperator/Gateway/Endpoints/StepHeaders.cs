using System.Globalization;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>The headers that say which step a model call is for.</summary>
internal static class StepHeaders
{
    private const int MaxKeyLength = 128;

    /// <exception cref="GatewayException">One of them is missing or malformed.</exception>
    public static ModelStep Read(HttpRequest request, RunnerIdentity runner)
    {
        var stepKey = request.Headers[Routes.IdempotencyKeyHeader].ToString();
        if (stepKey.Length is 0 or > MaxKeyLength)
        {
            throw GatewayException.Invalid($"{Routes.IdempotencyKeyHeader}: the step's key is needed, at most {MaxKeyLength} characters");
        }

        var sequence = request.Headers[Routes.ExpectedSequenceHeader].ToString();
        return long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var expected) && expected > 0
            ? new ModelStep(runner, stepKey, expected)
            {
                IsRepeated = BooleanField.Read(Routes.RepeatedHeader, request.Headers[Routes.RepeatedHeader]),
            }
            : throw GatewayException.Invalid($"{Routes.ExpectedSequenceHeader}: the journal's head as the runner knows it is needed");
    }
}
