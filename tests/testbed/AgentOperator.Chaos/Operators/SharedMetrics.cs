using System.Diagnostics.Metrics;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Runs;

namespace AgentOperator.Chaos.Operators;

/// <summary>The instruments, made once for the whole process: nobody listens to them, and meters are kept by the runtime for ever.</summary>
internal sealed class SharedMetrics : IMeterFactory
{
    public SharedMetrics()
    {
        Gateway = new GatewayMetrics(this);
        Runs = new RunMetrics(this, new NoRuns());
    }

    public GatewayMetrics Gateway { get; }

    public RunMetrics Runs { get; }

    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }

    private sealed class NoRuns : ILister<AgentRun>
    {
        public AgentRun? Get(ObjectKey key) => null;

        public IReadOnlyList<AgentRun> List(string? namespaceName = null) => [];

        public IReadOnlyList<AgentRun> ByOwner(string ownerUid) => [];

        public IReadOnlyList<AgentRun> ByIndex(string index, string value) => [];
    }
}
