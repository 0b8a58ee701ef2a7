namespace AgentOperator.SimulatedNodes.Operators;

/// <summary>Keeps one operator process running, as its Deployment and a kubelet would: one that ends is started again.</summary>
internal sealed class OperatorDeployment : IAsyncDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    private readonly OperatorInstallation _installation;
    private readonly string _folder;
    private readonly string _watchNamespace;
    private readonly SemaphoreSlim _change = new(1);
    private Task _supervision;
    private volatile bool _stopped;

    private OperatorDeployment(OperatorInstallation installation, string folder, string watchNamespace, OperatorProcess process)
    {
        _installation = installation;
        _folder = folder;
        _watchNamespace = watchNamespace;
        Process = process;
        _supervision = SuperviseAsync(process);
    }

    /// <summary>The process that runs now, or ran last.</summary>
    public OperatorProcess Process { get; private set; }

    /// <summary>How often it ended by itself and was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Starts it, and waits until it is ready.</summary>
    /// <param name="installation">Its account, rights and ports.</param>
    /// <param name="folder">Where its logs are written.</param>
    /// <param name="watchNamespace">The one namespace to watch.</param>
    public static async Task<OperatorDeployment> StartAsync(OperatorInstallation installation, string folder, string watchNamespace) =>
        new(installation, folder, watchNamespace, await OperatorProcess.StartAsync(installation, folder, watchNamespace));

    /// <summary>Stops it gracefully, and leaves it stopped.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        await _change.WaitAsync();
        try
        {
            await Process.DisposeAsync();
        }
        finally
        {
            _change.Release();
        }

        await _supervision;
    }

    /// <summary>Starts it after <see cref="StopAsync"/>, and does not wait until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        _stopped = false;
        Process = await OperatorProcess.StartAsync(_installation, _folder, _watchNamespace, waitUntilReady: false);
        _supervision = SuperviseAsync(Process);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _change.Dispose();
    }

    private async Task SuperviseAsync(OperatorProcess process)
    {
        while (true)
        {
            await process.Ended;
            await Task.Delay(RestartPause, TimeProvider.System);
            await _change.WaitAsync();
            try
            {
                if (_stopped)
                {
                    return;
                }

                await Process.DisposeAsync();
                Process = process = await OperatorProcess.StartAsync(_installation, _folder, _watchNamespace, waitUntilReady: false);
                Restarts++;
            }
            finally
            {
                _change.Release();
            }
        }
    }
}
