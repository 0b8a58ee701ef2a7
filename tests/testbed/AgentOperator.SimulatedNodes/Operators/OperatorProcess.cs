using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace AgentOperator.SimulatedNodes.Operators;

/// <summary>The operator under test: the real program, as a process of its own, with the rights that the chart gives it.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private const string PodName = "operator-1";
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly HttpClient _http;

    private OperatorProcess(Process process, string logFile, int metricsPort)
    {
        _process = process;
        LogFile = logFile;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{metricsPort}") };
    }

    /// <summary>The file that holds what it logs.</summary>
    public string LogFile { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Completes when it ends.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Resident memory, in bytes.</summary>
    public long ResidentBytes => ProcessFacts.ResidentBytes(Id);

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it, and waits until its caches are in sync.</summary>
    /// <param name="installation">Its account and rights.</param>
    /// <param name="folder">Where its log is written.</param>
    /// <param name="watchNamespace">The one namespace to watch; empty for all.</param>
    /// <param name="workers">Runs reconciled at once; null for the default.</param>
    /// <param name="waitUntilReady">False returns as soon as it is started.</param>
    public static async Task<OperatorProcess> StartAsync(
        OperatorInstallation installation, string folder, string watchNamespace = "", int? workers = null, bool waitUntilReady = true)
    {
        var environment = new Dictionary<string, string>
        {
            ["KUBECONFIG"] = installation.Kubeconfig,
            ["AgentOperator__RunnerImage"] = "agentoperator/runner:simulated",
            ["AgentOperator__GatewayUrl"] = installation.GatewayUrl,
            ["AgentOperator__GatewayPort"] = installation.GatewayPort.ToString(CultureInfo.InvariantCulture),
            ["AgentOperator__MetricsPort"] = installation.MetricsPort.ToString(CultureInfo.InvariantCulture),
            ["AgentOperator__GatewayTlsSecret"] = $"{installation.GatewayService}-ca",
            ["AgentOperator__Namespace"] = installation.Namespace,
            ["AgentOperator__PodName"] = PodName,
            ["AgentOperator__LeaseName"] = installation.Name,
            ["AgentOperator__WatchNamespace"] = watchNamespace,
        };
        if (workers is { } count)
        {
            environment["AgentOperator__Workers"] = count.ToString(CultureInfo.InvariantCulture);
        }

        var log = Path.Combine(folder, $"operator-{DateTimeStamp()}.log");
        var started = new OperatorProcess(ProcessFacts.Start("dotnet", [installation.Program], environment, log), log, installation.MetricsPort);
        if (waitUntilReady)
        {
            await started.ReadyAsync();
        }

        return started;
    }

    /// <summary>Waits until its caches are in sync.</summary>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public Task ReadyAsync() => Eventually.TrueAsync(
        "the operator to be ready",
        async () =>
        {
            if (HasExited)
            {
                throw new InvalidOperationException($"The operator ended with exit code {_process.ExitCode}:{Environment.NewLine}{LogTail()}");
            }

            using var response = await _http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.StatusCode == HttpStatusCode.OK;
        },
        ReadyDeadline);

    /// <summary>Its metrics.</summary>
    public async Task<Metrics> MetricsAsync() => Metrics.Parse(await MetricsTextAsync());

    /// <summary>Its metrics in the text format of Prometheus.</summary>
    public Task<string> MetricsTextAsync() => _http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

    /// <summary>Ends it without a word.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The last lines of its log.</summary>
    public string LogTail(int lines = 30) => string.Join(Environment.NewLine, File.ReadLines(LogFile).TakeLast(lines));

    /// <summary>Stops it gracefully.</summary>
    /// <exception cref="TimeoutException">It did not stop in time, and was killed.</exception>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!HasExited)
        {
            await CommandRunner.RunAsync("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)], TimeSpan.FromSeconds(10));
            using var deadline = new CancellationTokenSource(StopDeadline);
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                throw new TimeoutException(
                    $"The operator did not stop within {StopDeadline.TotalSeconds:0} s of SIGTERM:{Environment.NewLine}{LogTail()}");
            }
        }

        _process.Dispose();
    }

    private static string DateTimeStamp() => TimeProvider.System.GetUtcNow().ToString("HHmmss-fff", CultureInfo.InvariantCulture);
}
