using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentOperator.Tests.Gateway.Limits;

/// <summary>One ModelEndpoint's pipeline on a clock that only the test moves.</summary>
internal sealed class LimitWorld : IDisposable
{
    /// <summary>Fails a test when the product hangs. No assertion depends on it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How often a timer that changes nothing is looked at before the clock moves on.</summary>
    private const int LooksAtEachTime = 20;

    private readonly CancellationTokenSource _end = new();

    public LimitWorld(ModelEndpointSpec spec, ILoggerFactory? loggers = null)
    {
        Pipelines = new EndpointPipelines(Time, new RetryJitter(() => 0.5), loggers ?? NullLoggerFactory.Instance);
        Provider = new ProviderStub(Time);
        Endpoint = new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = AgentRunBuilder.Namespace }, Spec = spec,
        };
    }

    public static ModelEndpointSpec Spec { get; } = new() { BaseUrl = "https://models.example/v1", MaxRetries = 0 };

    public TimersInUse Time { get; } = new();

    public EndpointPipelines Pipelines { get; }

    public ProviderStub Provider { get; }

    /// <summary>What other replicas know of the endpoint.</summary>
    public SharedOutage Shared { get; set; } = SharedOutage.None;

    public ModelEndpoint Endpoint { get; }

    /// <summary>Makes a call of the endpoint as it is now.</summary>
    public Task<ProviderOutcome> CallAsync(int tokens = 1, CancellationToken? cancellationToken = null) =>
        Pipelines.Get(Endpoint).ExecuteAsync(tokens, Shared, Provider.CallAsync, cancellationToken ?? _end.Token);

    /// <summary>Makes a call that needs no time to pass.</summary>
    public Task<ProviderOutcome> AnswerAsync(int tokens = 1) => CallAsync(tokens).WaitAsync(Patience);

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>
    /// Moves the clock from timer to timer until the task has ended, and never past one that is due: what a timer starts sees the time at which it
    /// was due, however slowly the machine runs it.
    /// </summary>
    public async Task<T> PassUntilAsync<T>(Task<T> task)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!task.IsCompleted)
        {
            var changes = Time.Changes;
            if (Time.NextDue is { } due && due > Time.GetUtcNow())
            {
                Time.SetUtcNow(due);
            }

            for (var look = 0; look < LooksAtEachTime && !task.IsCompleted && Time.Changes == changes; look++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, deadline.Token);
            }
        }

        return await task;
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        Pipelines.Dispose();
    }
}
