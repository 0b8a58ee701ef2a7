using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using AgentOperator.Hosting;
using AgentOperator.Tests.Outages;
using k8s.Autorest;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Parsing;

namespace AgentOperator.Tests.Text;

/// <summary>
/// What providers and the API server say ends in statuses and logs. However long and odd it is, that is bounded text without anything that a terminal
/// takes for a command. The kubelet, agents and the cluster: <c>Decide_AnyTextFromAnywhere_StatusIsPlainAndSmall</c>.
/// </summary>
[TestFixture]
internal sealed class AnyServerTextTests
{
    private const int Seeds = 300;

    [Test]
    public void Classify_AnyErrorOfAProvider_SentenceIsPlainAndBounded([Values(200, 302, 400, 401, 404, 413, 429, 500)] int status)
    {
        foreach (var (seed, text) in Texts())
        {
            var body = new JsonObject { ["error"] = new JsonObject { ["message"] = text, ["code"] = text, ["type"] = text, ["param"] = text } };
            var response = new ProviderResponse(
                status, new Dictionary<string, string> { ["Location"] = text, ["Retry-After"] = text }, Encoding.UTF8.GetBytes(body.ToJsonString()));

            var outcome = AnswerClassifier.Classify(response, "{}"u8.ToArray(), "m", [], DateTimeOffset.UnixEpoch);

            AssertPlain(SentenceOf(outcome), 700, seed);
        }
    }

    [Test]
    public async Task Status_ProviderSaysAnything_EndpointsAndRunsShowPlainText([Values(404, 429, 401)] int status)
    {
        for (var seed = 1; seed <= 15; seed++)
        {
            var code = status == 404 ? "model_not_found" : "other";
            var body = new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = AnyText.Of(seed) } }.ToJsonString();
            using var world = new OutageWorld(runs: 1);
            world.Provider.Answer = _ => FailingProvider.Json((HttpStatusCode)status, body);
            await world.PassUntilAsync(() => world.EndpointStatus.Conditions is not null, TimeSpan.FromMinutes(1));
            await world.PassAsync(TimeSpan.FromMinutes(1));

            var endpoint = JsonSerializer.SerializeToNode(world.EndpointStatus, ApiJson.TypeInfo<ModelEndpointStatus>());
            var run = JsonSerializer.SerializeToNode(world.Statuses.Single(), ApiJson.TypeInfo<AgentRunStatus>());
            AssertPlain(string.Concat(Strings(endpoint)), 4096, seed);
            AssertPlain(string.Concat(Strings(run)), 16 * 1024, seed);
        }
    }

    [Test]
    public void StatusMessage_ApiServerSaysAnything_IsPlainAndBounded([Values(403, 422, 502)] int code)
    {
        foreach (var (seed, text) in Texts())
        {
            var status = new JsonObject
            {
                ["reason"] = text, ["message"] = text,
                ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["field"] = text, ["reason"] = text }) },
            };
            foreach (var content in (string[])[status.ToJsonString(), text])
            {
                using var response = new HttpResponseMessage((HttpStatusCode)code);
                var exception = new HttpOperationException($"Operation returned an invalid status code, response body {content}")
                {
                    Response = new HttpResponseMessageWrapper(response, content),
                };

                AssertPlain(exception.StatusMessage(), 4096, seed);
                AssertPlain(exception.Summary(), 4096, seed);
            }
        }
    }

    [Test]
    public void Log_AnyPropertyAndException_IsOneBoundedLineOfPlainJson()
    {
        foreach (var (seed, text) in Texts())
        {
            var line = Logged(text, new InvalidOperationException(text, new IOException(text)));

            AssertPlain(line, 80 * 1024, seed);
            Assert.That(line.TrimEnd('\n'), Does.Not.Contain("\n"), $"seed {seed}");
            var read = JsonNode.Parse(line)!;
            Assert.That(Strings(read).SelectMany(TerminalControls.In), Is.Empty, $"seed {seed}");
            Assert.That(Encoding.UTF8.GetByteCount((string)read["What"]!), Is.LessThanOrEqualTo(PlainLogFormatter.MaxTextBytes), $"seed {seed}");
        }
    }

    /// <summary>The client puts the whole answer into its exception, and a refusal quotes the object that it refuses.</summary>
    [Test]
    public void Log_RefusalOfTheApiServer_HasItsSummaryAndNotItsAnswer()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.UnprocessableEntity);
        const string Content = """
            {"reason":"Invalid","message":"spec.task: Invalid value: \"a secret prompt\"",
             "details":{"causes":[{"field":"spec.task","reason":"FieldValueInvalid"}]}}
            """;
        var refusal = new HttpOperationException($"Operation returned an invalid status code, response body {Content}")
        {
            Response = new HttpResponseMessageWrapper(response, Content),
        };

        var line = Logged("x", new InvalidOperationException("outer", refusal));

        Assert.That(line, Does.Contain("422 Invalid: spec.task (FieldValueInvalid)").And.Contains("outer").And.Not.Contain("secret"));
    }

    private static IEnumerable<(int Seed, string Text)> Texts() => Enumerable.Range(1, Seeds).Select(seed => (seed, AnyText.Of(seed)));

    private static void AssertPlain(string? text, int maxBytes, int seed)
    {
        Assert.That(TerminalControls.In(text), Is.Empty, $"seed {seed}");
        Assert.That(Encoding.UTF8.GetByteCount(text ?? ""), Is.LessThanOrEqualTo(maxBytes), $"seed {seed}");
    }

    private static string? SentenceOf(ProviderOutcome outcome) => outcome switch
    {
        ProviderOutcome.Unavailable unavailable => unavailable.Reason,
        ProviderOutcome.NeedsPerson person => person.Reason,
        ProviderOutcome.TooLong tooLong => tooLong.Reason,
        ProviderOutcome.Rejected rejected => rejected.Reason,
        _ => null,
    };

    private static string Logged(string text, Exception exception)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new PlainLogFormatter(new RenderedCompactJsonFormatter(), LoggedRefusals.Describe).Format(
            new LogEvent(
                DateTimeOffset.UnixEpoch, LogEventLevel.Error, exception, new MessageTemplateParser().Parse("said {What}"),
                [new LogEventProperty("What", new ScalarValue(text))]),
            output);
        return output.ToString();
    }

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue(out string? text) => [text],
        _ => [],
    };
}
