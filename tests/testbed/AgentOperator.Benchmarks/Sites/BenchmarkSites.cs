using AgentOperator.Benchmarks.Runners;

namespace AgentOperator.Benchmarks.Sites;

/// <summary>
/// Where rows measure. Each site starts when a row asks for it, and what was started here for the rows before is removed first: the sites share
/// the machine and would slow each other down.
/// </summary>
internal sealed class BenchmarkSites(Arguments arguments, TextWriter progress) : IAsyncDisposable
{
    private readonly DirectoryInfo _operator = Directory.CreateTempSubdirectory("agentoperator-operator-");
    private LocalControlPlane? _plane;
    private TestCluster? _cluster;
    private string? _startedHere;

    /// <summary>A control plane alone: its nodes are simulated, and the operator on it is the one in the image.</summary>
    public async Task<LocalControlPlane> ControlPlaneAsync()
    {
        if (_plane is null)
        {
            await ChangeToAsync(arguments.Cluster);
            await (await DeliveredImage.BuildAsync("operator")).UnpackProgramAsync(_operator.FullName);
            _plane = await LocalControlPlane.StartAsync(arguments.Cluster) with
            {
                OperatorProgram = Path.Combine(_operator.FullName, "AgentOperator.dll"),
            };
        }

        return _plane;
    }

    /// <summary>A cluster with a real node, with the operator's chart and the scripted model on it.</summary>
    /// <exception cref="InvalidOperationException">It would be another than this machine's.</exception>
    public async Task<TestCluster> NodeAsync()
    {
        if (!TestCluster.IsLocal)
        {
            throw new InvalidOperationException(
                "Rows on a real node watch the processes of pods, so they need the local cluster: unset CLUSTER, or leave them out by --only.");
        }

        if (_cluster is null)
        {
            await ChangeToAsync(TestCluster.LocalName);
            _cluster = await TestCluster.StartAsync(progress);
        }

        return _cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _operator.Delete(recursive: true);
    }

    private async Task ChangeToAsync(string name)
    {
        await LeaveAsync();
        _startedHere = await LocalControlPlane.IsRunningAsync(name) ? null : name;
    }

    private async Task LeaveAsync()
    {
        _cluster?.Client.Dispose();
        var leaving = _startedHere;
        (_plane, _cluster, _startedHere) = (null, null, null);
        if (leaving is not null)
        {
            await LocalControlPlane.StopAsync(leaving);
        }
    }
}
