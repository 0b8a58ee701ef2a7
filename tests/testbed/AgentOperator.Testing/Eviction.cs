using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOperator.Testing;

/// <summary>Evictions, as <c>kubectl drain</c> asks for them.</summary>
internal static class Eviction
{
    /// <summary>
    /// The API version of the eviction that a server takes. A server may serve <c>policy/v1</c> for budgets and yet take evictions of
    /// <c>policy/v1beta1</c> only, as 1.21 does.
    /// </summary>
    /// <param name="coreResources">What the server answers to <c>GET /api/v1</c>.</param>
    /// <exception cref="InvalidOperationException">The server takes no evictions.</exception>
    public static string ApiVersion(JsonElement coreResources)
    {
        foreach (var resource in coreResources.GetProperty("resources").EnumerateArray())
        {
            if (resource.GetProperty("name").GetString() == "pods/eviction")
            {
                return $"{resource.GetProperty("group").GetString()}/{resource.GetProperty("version").GetString()}";
            }
        }

        throw new InvalidOperationException("The server does not serve the subresource pods/eviction.");
    }

    /// <summary>The eviction of a pod.</summary>
    public static string Of(string apiVersion, string ns, string pod) => new JsonObject
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = "Eviction",
        ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = ns },
    }.ToJsonString();
}
