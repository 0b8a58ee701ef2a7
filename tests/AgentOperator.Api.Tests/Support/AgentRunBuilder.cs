namespace AgentOperator.Api.Tests;

/// <summary>A valid run, changed where a test says so.</summary>
internal sealed class AgentRunBuilder
{
    private string _name = "run";

    private AgentRunSpec _spec = new()
    {
        Task = "Say hello.",
        Model = new ModelSpec { EndpointRef = new LocalReference { Name = "openai" }, Name = "gpt" },
    };

    public AgentRunBuilder Named(string name)
    {
        _name = name;
        return this;
    }

    public AgentRunBuilder With(Func<AgentRunSpec, AgentRunSpec> change)
    {
        _spec = change(_spec);
        return this;
    }

    public AgentRun Build() => new() { Metadata = new() { Name = _name }, Spec = _spec };
}
