using k8s;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// How the client reads JSON. Its options belong to the process: those of one client do not hold for watches.
/// </summary>
internal static class ClientJson
{
    /// <summary>
    /// Deeper than the API server's own reader goes (10,000 levels), with room for the list that holds an object. One object that the client cannot
    /// parse would hide all others: the list that holds it fails as a whole.
    /// </summary>
    private const int MaxDepth = 10_100;

    /// <summary>Sets the options.</summary>
    /// <exception cref="InvalidOperationException">JSON was read before.</exception>
    public static void Configure() => KubernetesJson.AddJsonOptions(options =>
    {
        // Once they are used they cannot be set, not even to what they are.
        if (options.MaxDepth != MaxDepth)
        {
            options.MaxDepth = MaxDepth;
        }
    });
}
