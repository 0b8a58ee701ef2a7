using Microsoft.Extensions.Primitives;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>A query parameter or header that is <c>true</c>, <c>false</c> or absent.</summary>
internal static class BooleanField
{
    /// <exception cref="GatewayException">It is something else.</exception>
    public static bool Read(string name, StringValues value) => value.ToString() switch
    {
        "true" => true,
        "false" or "" => false,
        _ => throw GatewayException.Invalid($"{name}: must be true or false"),
    };
}
