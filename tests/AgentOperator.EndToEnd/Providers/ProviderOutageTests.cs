using System.Globalization;
using System.Text.Json;

namespace AgentOperator.EndToEnd.Providers;

/// <summary>A bad day of a provider costs no run.</summary>
public sealed class ProviderOutageTests : EndToEndTest
{
    private const int Runs = 20;
    private const int AtWork = 4;
    private const string OldKey = "sk-old-91c2d7";
    private const string NewKey = "sk-new-5be08a";

    /// <summary>A command that ends when the provider refuses connections, which is curl's exit code 7.</summary>
    private const string UntilTheProviderIsAway = "until curl -sS -m 5 -o /dev/null {{effects}}; [ $? = 7 ]; do sleep 0.5; done";

    /// <summary>How long the provider is away.</summary>
    private static readonly TimeSpan Away = Seconds("AGENTOPERATOR_TEST_AWAY_SECONDS", 15);

    /// <summary>What the provider says then. The operator waits out half a minute by itself; beyond that, runs wait without a pod.</summary>
    private static readonly TimeSpan RetryAfter = Seconds("AGENTOPERATOR_TEST_RETRY_AFTER_SECONDS", 35);

    private readonly List<TestRun> _started = [];

    private string EndpointPath =>
        $"apis/{ApiConstants.ApiVersion}/namespaces/{Namespace}/{ApiConstants.ModelEndpointPlural}/{Namespace}";

    [Test]
    public async Task TwentyRuns_ProviderIsAwayThenBusyThenRefusesTheKey_AllSucceed()
    {
        var provider = new OwnModelServer(Cluster, Namespace);
        await provider.StartAsync(OldKey, Answers(firstTool: UntilTheProviderIsAway));
        await ApplyAsync(Endpoint(provider.BaseUrl, OldKey));
        await StartRunsAsync(1, AtWork);
        await AllAsync("to be at work", status => status.Usage?.ModelCalls == 1, _started.Count);
        var paid = (await provider.Model.SummarizeAsync(ScenarioName)).ModelCalls;

        // Away: runs at work notice, and so do those that begin.
        await provider.StopAsync();
        var left = TimeProvider.System.GetUtcNow();
        await StartRunsAsync(AtWork + 1, Runs - AtWork);
        await AllButTheProbeAsync(Reasons.EndpointUnavailable, "cannot be reached");
        await UntilAsync(left + Away);
        await AllButTheProbeAsync(Reasons.EndpointUnavailable, "cannot be reached");

        // Busy: it says when to come again.
        await provider.StartAsync(OldKey, Busy());
        var busy = await FirstCallAsync(provider, Patience + Away);
        await AllButTheProbeAsync(Reasons.EndpointUnavailable, "Rate limit reached.");
        Assert.That((await EndpointStatusAsync()).RetryAt, Is.GreaterThanOrEqualTo(busy + RetryAfter));

        // The key is refused.
        await provider.StartAsync(NewKey, Answers(firstTool: "true"));
        var refused = await FirstCallAsync(provider, Patience + RetryAfter);
        Assert.That(refused, Is.GreaterThanOrEqualTo(busy + RetryAfter), "nobody comes before the time that the provider named");
        await AllButTheProbeAsync(Reasons.KeyRefused, "apiKeySecretRef");

        await ApplyAsync(Endpoint(provider.BaseUrl, NewKey));
        await AllAsync("to succeed", status => status.Phase == Phases.Succeeded, Runs);
        await AssertNothingWastedAsync(provider, paid);
    }

    private async Task AssertNothingWastedAsync(OwnModelServer provider, int paidBefore)
    {
        var ends = await Task.WhenAll(_started.Select(run => run.FinishedAsync()));
        var log = await provider.Model.SummarizeAsync(ScenarioName);
        var calls = await OperatorMetrics.ProviderCallsAsync(Cluster, Namespace);
        var wasted = calls - paidBefore - log.ModelCalls;
        var endpoint = await EndpointStatusAsync();
        await TestContext.Out.WriteLineAsync($"{wasted} calls were made in vain by {Runs} runs together; the last server refused {log.Rejected}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_started.SelectMany(run => run.Observer.Seen).Select(seen => seen.Status.Failures ?? 0), Is.All.Zero, "nothing is a failure");
            Assert.That(ends.SelectMany(end => end.EndsOf()), Is.All.EqualTo(Outcomes.EndpointDown).Or.EqualTo(Outcomes.Completed));
            Assert.That(ends.Select(end => end.Usage?.ModelCalls), Is.All.EqualTo(2));
            Assert.That((paidBefore + log.ModelCalls, log.RepeatedModelCalls), Is.EqualTo((2 * Runs, 0)), "each answer is paid once");
            Assert.That(endpoint.FindCondition(ConditionTypes.Available)?.Status, Is.EqualTo("True"));
            Assert.That(wasted, Is.LessThan(2 * Runs), "calls made in vain, by all runs together");
        }
    }

    private async Task StartRunsAsync(int first, int count)
    {
        var numbers = Enumerable.Range(first, count).ToList();
        _started.AddRange(numbers.Select(number => Observe($"run-{number}", ScenarioName)));

        // Their tasks differ: the model tells conversations apart by their first messages.
        await ApplyAsync(string.Join("\n---\n", numbers.Select(number => Manifests.Of(
            Specs.Of(ScenarioName) with
            {
                Task = $"Run {number}.", Model = new ModelSpec { EndpointRef = new LocalReference { Name = Namespace }, Name = ScenarioName },
            },
            Namespace,
            $"run-{number}"))));
    }

    /// <summary>Waits until all runs wait for the endpoint, but for the one that tries it.</summary>
    private Task AllButTheProbeAsync(string reason, string sentence) => AllAsync(
        $"to wait because of {reason}",
        status => status.Phase is Phases.Waiting or Phases.Pending && status.Condition(ConditionTypes.Running)?.Reason == reason
            && status.WaitingFor?.Contains(sentence, StringComparison.Ordinal) == true,
        Runs - 1);

    private async Task AllAsync(string what, Func<AgentRunStatus, bool> condition, int count)
    {
        try
        {
            await Eventually.TrueAsync(
                $"{count} runs {what}",
                () => Task.FromResult(_started.Count(run => run.Observer.Latest is { } status && condition(status)) >= count),
                Patience + Away);
        }
        catch (TimeoutException)
        {
            var seen = await Kubectl.RunAsync(["get", "agentruns,modelendpoints", "--output", "wide", "--namespace", Namespace]);
            await TestContext.Out.WriteLineAsync(seen);
            throw;
        }
    }

    private async Task<ModelEndpointStatus> EndpointStatusAsync() =>
        (await Cluster.Api.GetAsync(EndpointPath))!.Value.Deserialize<ModelEndpoint>(ApiJson.Options)!.Status!;

    /// <summary>Waits for the first call that a provider gets.</summary>
    private async Task<DateTimeOffset> FirstCallAsync(OwnModelServer provider, TimeSpan deadline)
    {
        var call = await Eventually.GetAsync<object>(
            "the provider's first call",
            async () => await provider.Model.CallsAsync(ScenarioName) is var calls && calls.GetArrayLength() > 0
                ? calls[0].GetProperty("time").GetDateTimeOffset()
                : null,
            deadline);
        return (DateTimeOffset)call;
    }

    private static Task UntilAsync(DateTimeOffset time)
    {
        var left = time - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, TimeProvider.System) : Task.CompletedTask;
    }

    private string Answers(string firstTool) => NewScenario().Shell(firstTool).Answer("Done.").ToString();

    private static string Busy() => JsonSerializer.Serialize(new
    {
        steps = new[]
        {
            new
            {
                text = "Never.",
                repeat = 2,
                faults = new[]
                {
                    new
                    {
                        status = 429, code = "rate_limit_exceeded", message = "Rate limit reached.", retryAfterSeconds = (int)RetryAfter.TotalSeconds,
                        times = 1000,
                    },
                },
            },
        },
    });

    private string Endpoint(string baseUrl, string key) => $$"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: provider
          namespace: {{Namespace}}
          annotations: {agentoperator.dev/endpoint-host: "{{new Uri(baseUrl).Host}}:80"}
        stringData: {key: {{key}} }
        ---
        apiVersion: agentoperator.dev/v1alpha1
        kind: ModelEndpoint
        metadata: {name: {{Namespace}}, namespace: {{Namespace}} }
        spec:
          baseUrl: {{baseUrl}}
          apiKeySecretRef: {name: provider, key: key}
          allowPlainHttp: true
        """;

    private static TimeSpan Seconds(string variable, int otherwise) =>
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : otherwise);
}
