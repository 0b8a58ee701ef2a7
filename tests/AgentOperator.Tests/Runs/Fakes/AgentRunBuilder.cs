using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Builds valid runs. A test changes only the fields that it is about.</summary>
internal sealed class AgentRunBuilder
{
    public const string Namespace = "agents";
    public const string Name = "survivor";
    public const string Uid = "11111111-2222-3333-4444-555555555555";

    private AgentRunSpec _spec = new()
    {
        Task = "Write the report.",
        Model = new ModelSpec { EndpointRef = new LocalReference { Name = "openai" }, Name = "gpt-x" },
    };

    private AgentRunStatus? _status;
    private long _generation = 1;

    public AgentRunBuilder Spec(Func<AgentRunSpec, AgentRunSpec> change)
    {
        _spec = change(_spec);
        return this;
    }

    public AgentRunBuilder Recovery(Func<RecoverySpec, RecoverySpec> change) => Spec(spec => spec with { Recovery = change(spec.Recovery) });

    public AgentRunBuilder Memory(string limit, int percent = 150, string? max = null) => Spec(spec => spec with
    {
        Resources = new ResourcesSpec { Limits = new ResourceLimits { Memory = limit } },
        Recovery = spec.Recovery with { OutOfMemory = new OutOfMemorySpec { MemoryPercent = percent, MaxMemory = max } },
    });

    public AgentRunBuilder Suspended(bool suspend = true) => Spec(spec => spec with { Suspend = suspend });

    public AgentRunBuilder Status(AgentRunStatus status)
    {
        _status = status;
        return this;
    }

    public AgentRunBuilder Generation(long generation)
    {
        _generation = generation;
        return this;
    }

    public AgentRun Build() => new()
    {
        Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Namespace, Uid = Uid, Generation = _generation, ResourceVersion = "1" },
        Spec = _spec,
        Status = _status,
    };
}
