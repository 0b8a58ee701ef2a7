namespace AgentOperator.Testing;

/// <summary>Specs that tests begin with.</summary>
internal static class Specs
{
    /// <summary>Name of the ModelEndpoint in each test's namespace.</summary>
    public const string Endpoint = "scripted";

    /// <summary>A marker in every prompt: a value that must be found in no status, event or log.</summary>
    public const string PromptMarker = "marker-of-the-prompt-81d3";

    /// <summary>A run that plays a scenario with a shell, small enough for several at a time.</summary>
    public static AgentRunSpec Of(string scenario, ToolEffect effect = ToolEffect.Pure) => new()
    {
        Task = $"Do what the script says. {PromptMarker}",
        Instructions = $"You are an agent under test. {PromptMarker}",
        Model = new ModelSpec { EndpointRef = new LocalReference { Name = Endpoint }, Name = scenario },
        Tools = [new ToolSpec { Name = ToolSpec.Shell, Effect = effect }],
        Resources = new ResourcesSpec
        {
            Requests = new ResourceRequests { Cpu = "20m", Memory = "64Mi", EphemeralStorage = "16Mi" },
            Limits = new ResourceLimits { Memory = "128Mi" },
        },
        Recovery = new RecoverySpec { BackoffSeconds = 1 },
    };
}
