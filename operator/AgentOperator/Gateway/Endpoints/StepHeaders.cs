using System.Globalization;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>The headers that say which step a model call is for.</summary>
/// <param name="StepKey">The step.</param>
/// <param name="ExpectedSequence">The journal's head as the runner knows it.</param>
internal readonly record struct StepHeaders(string StepKey, long ExpectedSequence)
{
    private const int MaxKeyLength = 128;

    /// <exception cref="GatewayException">One of them is missing or malformed.</exception>
    public static StepHeaders Read(HttpRequest request)
    {
        var stepKey = request.Headers[Routes.IdempotencyKeyHeader].ToString();
        if (stepKey.Length is 0 or > MaxKeyLength)
        {
            throw GatewayException.Invalid($"{Routes.IdempotencyKeyHeader}: the step's key is needed, at most {MaxKeyLength} characters");
        }

        var sequence = request.Headers[Routes.ExpectedSequenceHeader].ToString();
        return long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var expected)
            ? new StepHeaders(stepKey, expected)
            : throw GatewayException.Invalid($"{Routes.ExpectedSequenceHeader}: the journal's head as the runner knows it is needed");
    }
}
