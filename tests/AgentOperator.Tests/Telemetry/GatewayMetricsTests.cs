using System.Diagnostics.Metrics;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Tests.Telemetry;

/// <summary>What the gateway counts.</summary>
internal sealed class GatewayMetricsTests
{
    private FakeConnection _connection = null!;
    private ServiceProvider _operator = null!;
    private Measurements _measured = null!;
    private GatewayMetrics _metrics = null!;

    [SetUp]
    public void SetUp()
    {
        _connection = new FakeConnection(new FakeKubernetes());
        _operator = OperatorServices.Operator(_connection, TimeProvider.System);
        _measured = new Measurements(_operator.GetRequiredService<IMeterFactory>());
        _metrics = _operator.GetRequiredService<GatewayMetrics>();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        _measured.Dispose();
        await _operator.DisposeAsync();
        _connection.Dispose();
    }

    [Test]
    public void Endpoints_OfTheSameNameInTwoNamespaces_AreToldApart()
    {
        foreach (var space in (string[])["blue", "green"])
        {
            var endpoint = new ObjectKey(space, "openai");
            _metrics.ProviderCalled(endpoint, new ProviderOutcome.Unavailable("away"), TimeSpan.FromSeconds(1));
            _metrics.ModelAnswered(endpoint, new TokenUsage(3, 2, 1));
            _metrics.ModelCallUnused(endpoint, new TokenUsage(3, 2, 0));
        }

        string[] expected = [.. ((string[])["blue", "green"]).SelectMany(space => (string[])
        [
            $"agentoperator_model_calls{{namespace={space},endpoint=openai,outcome=Unavailable}} 1",
            $"agentoperator_model_call_seconds{{namespace={space},endpoint=openai}} 1",
            $"agentoperator_model_tokens{{namespace={space},endpoint=openai,type=prompt}} 3",
            $"agentoperator_model_tokens{{namespace={space},endpoint=openai,type=completion}} 2",
            $"agentoperator_model_tokens{{namespace={space},endpoint=openai,type=cached}} 1",
            $"agentoperator_model_unused_calls{{namespace={space},endpoint=openai}} 1",
            $"agentoperator_model_unused_tokens{{namespace={space},endpoint=openai}} 5",
        ])];
        Assert.That(_measured.Counted, Is.EquivalentTo(expected));
    }

    [Test]
    public void Refused_CodeThatIsNoneOfTheProtocols_IsNoLabel()
    {
        _metrics.Refused("the prompt");
        _metrics.Refused(ErrorCodes.InternalError);

        Assert.That(
            _measured.Counted,
            Is.EquivalentTo(new[] { "agentoperator_gateway_refusals{code=Other} 1", "agentoperator_gateway_refusals{code=InternalError} 1" }));
        Assert.That(_measured.Series, Does.ContainKey("agentoperator_gateway_refusals{code=JournalUnavailable}").WithValue(0));
    }

    [Test]
    public void Histograms_OfTheOperator_AreInSecondsAndHaveBucketsFromHundredthsToMinutes()
    {
        _ = _operator.GetRequiredService<RunMetrics>();
        using var runtime = new ControlRuntimeMetrics();
        List<Histogram<double>> histograms = [.. _measured.Instruments.OfType<Histogram<double>>()];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument is Histogram<double> histogram && instrument.Meter.Name == ControlRuntimeOptions.MeterName)
            {
                histograms.Add(histogram);
            }
        };
        listener.Start();

        Assert.That(histograms.Select(histogram => histogram.Name), Does.Contain("agentoperator_recovery_seconds")
            .And.Contain("agentoperator_model_call_seconds").And.Contain("controller_runtime_reconcile_time_seconds"));
        foreach (var histogram in histograms)
        {
            var boundaries = histogram.Advice?.HistogramBucketBoundaries;
            Assert.That(histogram.Name, Does.EndWith("_seconds"));
            Assert.That(histogram.Unit, Is.EqualTo("s"), histogram.Name);
            Assert.That(boundaries, Is.Not.Null.And.Ordered.Ascending, histogram.Name);
            Assert.That(boundaries![0], Is.LessThanOrEqualTo(0.25), histogram.Name);
            Assert.That(boundaries[^1], Is.GreaterThanOrEqualTo(300), histogram.Name);
        }
    }
}
