using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>An informer of widgets that runs against a fake API server and a fake clock.</summary>
internal sealed class WidgetInformer : IAsyncDisposable
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly ControlRuntimeMetrics _metrics = new();
    private readonly IKubernetes _client;
    private readonly Task _running;

    private WidgetInformer(FakeApiServer server, Action<InformerOptions<Widget>>? configure, IListWatch? listWatch, bool streamLists = false)
    {
        var options = new InformerOptions<Widget>();
        configure?.Invoke(options);
        _client = server.CreateClient();
        Informer = new Informer<Widget>(
            Widget.Definition,
            options,
            listWatch ?? new ListWatch(_client, Widget.Definition, ListScope.Of(options)),
            new ReflectorOptions(options.PageSize, TimeSpan.FromMinutes(5), IdleTimeout, TimeSpan.FromSeconds(30)) { StreamLists = streamLists },
            Time,
            () => 0.5,
            _metrics,
            NullLogger<Informer<Widget>>.Instance);
        Informer.Subscribe(Observer);
        _running = Informer.RunAsync(_stop.Token);
    }

    public FakeTimeProvider Time { get; } = new();

    public Informer<Widget> Informer { get; }

    public RecordingObserver Observer { get; } = new();

    public bool IsRunning => !_running.IsCompleted;

    public static WidgetInformer Start(FakeApiServer server, Action<InformerOptions<Widget>>? configure = null) => new(server, configure, null);

    /// <summary>One that reads the current objects as a stream when the server can. Its clock stands still until a test moves it.</summary>
    public static WidgetInformer StartStreaming(FakeApiServer server, Action<InformerOptions<Widget>>? configure = null) =>
        new(server, configure, null, streamLists: true);

    public static WidgetInformer Start(FakeApiServer server, IListWatch listWatch) => new(server, null, listWatch);

    public static async Task<WidgetInformer> StartSyncedAsync(FakeApiServer server, Action<InformerOptions<Widget>>? configure = null)
    {
        var informer = Start(server, configure);
        await informer.EventuallyAsync("the informer is in sync and watches", () => informer.Informer.HasSynced && server.OpenWatches > 0);
        return informer;
    }

    /// <summary>Waits on a condition while the informer's clock runs fast.</summary>
    public Task EventuallyAsync(string what, Func<bool> condition) => Time.PassUntilAsync(what, condition);

    public int? SizeOf(string name) => Informer.Get(new ObjectKey("default", name))?.Spec.Size;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _client.Dispose();
        _metrics.Dispose();
    }
}
