using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class ProviderClientTests
{
    private const string Answer = """{"choices":[{"message":{"content":"hello"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    private const string WantsMaxCompletionTokens =
        """{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}""";

    private const string KnowsNoMaxCompletionTokens =
        """{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":9}]}""";

    private static readonly ModelEndpointSpec Spec = new() { BaseUrl = "https://models.example/v1" };

    private static readonly Dictionary<string, JsonElement> Temperature = new() { ["temperature"] = JsonElement.Parse("0.2") };

    private readonly List<(Uri Url, Dictionary<string, string> Headers, JsonObject Body)> _requests = [];
    private Func<JsonObject, (int Status, string Body)> _answer = _ => (200, Answer);
    private Action<HttpResponseMessage> _headers = _ => { };
    private ProviderTransport _transport = null!;
    private ProviderClient _client = null!;

    [SetUp]
    public void SetUp()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _requests.Clear();
        (_answer, _headers) = (_ => (200, Answer), _ => { });
        _transport = new ProviderTransport(new Provider(this));
        _client = new ProviderClient(_transport, new OutputLimitNames(time), time);
    }

    [TearDown]
    public void TearDown() => _transport.Dispose();

    [TestCase("Retry-After", "7", 7)]
    [TestCase("Retry-After", "Sat, 01 Jan 2000 00:01:30 GMT", 90)]
    [TestCase("Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT", 0)]
    [TestCase("Retry-After", "Sat, 01 Jan 2050 00:00:00 GMT", 86400)]
    [TestCase("Retry-After", "2000000000", 86400)]
    [TestCase("retry-after-ms", "1500", 1.5)]
    [TestCase("retry-after-ms", "1e300", 86400)]
    [TestCase("Retry-After", "soon", null)]
    public async Task Call_ProviderNamesATime_IsThatButADayAtMost(string header, string value, double? seconds)
    {
        (_answer, _headers) = (_ => (503, ""), response => response.Headers.TryAddWithoutValidation(header, value));
        Assert.That(((ProviderOutcome.Unavailable)await CallAsync(Spec)).RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public async Task Call_HeadersAndQuery_AreSent()
    {
        var (apiKey, token) = (Reference("api-key"), Reference("token"));
        var spec = Spec with
        {
            BaseUrl = "https://models.example/d?api-version=2024-10-21",
            ApiKeySecretRef = apiKey,
            Headers =
            [
                new HeaderSpec { Name = "X-Token", SecretKeyRef = token }, new HeaderSpec { Name = "x-team", Value = "a, b" },
                new HeaderSpec { Name = "Expires", Value = "never" },
            ],
        };

        await CallAsync(spec, keys: [(apiKey, "key-1"), (token, "token-1")]);

        var (url, headers, _) = _requests.Single();
        Assert.That(url.AbsoluteUri, Is.EqualTo("https://models.example/d/chat/completions?api-version=2024-10-21"));
        Assert.That(
            (headers["Authorization"], headers["X-Token"], headers["x-team"], headers["Expires"], headers["Content-Type"]),
            Is.EqualTo(("Bearer key-1", "token-1", "a, b", "never", "application/json")));
    }

    [TestCase(null, Reasons.KeyNotFound, "Secret 'azure' or its key 'token' does not exist")]
    [TestCase("hidden\nvalue", Reasons.KeyRefused, "Key 'token' of Secret 'azure' has characters")]
    public async Task Call_SecretOfAHeaderIsUnusable_NothingIsSentAndItIsNamed(string? value, string cause, string message)
    {
        var (good, bad) = (Reference("good"), Reference("token"));
        var spec = Spec with
        {
            Headers = [new HeaderSpec { Name = "a", SecretKeyRef = good }, new HeaderSpec { Name = "b", SecretKeyRef = bad }],
        };

        var outcome = (ProviderOutcome.NeedsPerson)await CallAsync(spec, keys: [(good, "x"), (bad, value)]);

        Assert.That((outcome.Cause, _requests.Count), Is.EqualTo((cause, 0)));
        Assert.That(outcome.Reason, Does.Contain(message).And.Not.Contain("hidden"));
    }

    /// <summary>I7: what a header's Secret holds is shown no more than the API key.</summary>
    [Test]
    public async Task Call_ProviderQuotesTheSecretOfAHeader_DoesNotShowIt()
    {
        var reference = Reference("token");
        _answer = _ => (401, """{"error":{"message":"The api-key hidden-value-1 is wrong.","code":"hidden-value-1"}}""");

        var outcome = await CallAsync(
            Spec with { Headers = [new HeaderSpec { Name = "api-key", SecretKeyRef = reference }] },
            keys: [(reference, "hidden-value-1")]);

        Assert.That(((ProviderOutcome.NeedsPerson)outcome).Reason, Does.Contain("is wrong").And.Not.Contain("hidden-value-1"));
        Assert.That(Credentials(Endpoint(Spec, 1), (reference, "hidden-value-1")).ToString(), Does.Not.Contain("hidden-value-1"));
    }

    [TestCase("max_tokens", WantsMaxCompletionTokens, "max_completion_tokens")]
    [TestCase("max_completion_tokens", KnowsNoMaxCompletionTokens, "max_tokens")]
    public async Task Call_ProviderWantsAnotherNameForTheOutputLimit_IsAskedAgainAndLearnsIt(string sent, string error, string wanted)
    {
        _answer = body => body.ContainsKey(sent) ? (400, error) : (200, Answer);

        var first = await CallAsync(Spec, Body(sent));
        var second = await CallAsync(Spec, Body(sent));

        Assert.That(new[] { first, second }, Has.All.InstanceOf<ProviderOutcome.Answered>());
        Assert.That(Limits(), Is.EqualTo(new[] { $"{sent}=9", $"{wanted}=9", $"{wanted}=9" }));
        Assert.That(_requests.Select(request => request.Headers["Idempotency-Key"]), Is.EqualTo(new[] { "step-1", "step-1-renamed", "step-1" }));
    }

    [Test]
    public async Task Call_LimitIsLearnt_OnlyForThatModelOfThatEndpointUntilItIsEdited()
    {
        _answer = body => body.ContainsKey("max_tokens") ? (400, WantsMaxCompletionTokens) : (200, Answer);
        await CallAsync(Spec, Body("max_tokens"));
        _requests.Clear();
        _answer = _ => (200, Answer);

        await CallAsync(Spec, Body("max_tokens", "other"));
        await CallAsync(Spec, Body("max_tokens"), generation: 2);
        await CallAsync(Spec, Body("max_tokens"));

        Assert.That(Limits(), Is.EqualTo(new[] { "max_tokens=9", "max_tokens=9", "max_completion_tokens=9" }));
    }

    /// <summary>A provider that refuses both is asked twice, not for ever.</summary>
    [Test]
    public async Task Call_ProviderRefusesEitherName_IsAskedTwice()
    {
        _answer = body => (400, body.ContainsKey("max_tokens") ? WantsMaxCompletionTokens : KnowsNoMaxCompletionTokens);
        var outcome = await CallAsync(Spec, Body("max_tokens"));
        Assert.That(outcome, Is.InstanceOf<ProviderOutcome.Rejected>());
        Assert.That(_requests, Has.Count.EqualTo(2));
    }

    [TestCase("max_tokens is too large: 9. This model supports at most 4 completion tokens.")]
    [TestCase("The parameter temperature is not supported.")]
    public async Task Call_ErrorIsNotAboutTheNameOfTheLimit_IsNotAskedAgain(string message)
    {
        _answer = _ => (400, $$$"""{"error":{"message":"{{{message}}}"}}""");
        Assert.That(await CallAsync(Spec, Body("max_tokens")), Is.InstanceOf<ProviderOutcome.Rejected>());
        Assert.That(_requests, Has.Count.EqualTo(1));
    }

    [TestCase("max_tokens", "max_tokens=9")]
    [TestCase("max_output_tokens", "max_output_tokens=9")]
    [TestCase(null, "max_completion_tokens=9")]
    public async Task Call_EndpointNamesTheOutputLimit_IsSentUnderThatName(string? name, string expected)
    {
        await CallAsync(Spec with { OutputLimitParameter = name }, Body("max_completion_tokens"));
        Assert.That(Limits(), Is.EqualTo(new[] { expected }));
    }

    [TestCase("""{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model.","param":"temperature"}}""")]
    [TestCase("""{"error":{"message":"temperature must be at most 2","param":"temperature"}}""")]
    [TestCase("""{"detail":[{"type":"extra_forbidden","loc":["body","temperature"]}]}""")]
    [TestCase("""{"message":"Unknown field temperature"}""")]
    public async Task Call_ProviderRefusesAParameterOfTheEndpoint_IsForAPersonToCorrect(string error)
    {
        _answer = _ => (400, error);
        var outcome = (ProviderOutcome.NeedsPerson)await CallAsync(Spec with { Parameters = Temperature });
        Assert.That((outcome.Cause, outcome.IsOfTheModel), Is.EqualTo((Reasons.ParameterRefused, true)));
        Assert.That(
            outcome.Reason, Is.EqualTo("The model endpoint answered 400 because of 'temperature'. Correct spec.parameters of the ModelEndpoint."));
    }

    [TestCase("""{"error":{"message":"The user asked for the temperature in Oslo."}}""", false)]
    [TestCase("""{"error":{"message":"bad request","temperature":1}}""", false)]
    [TestCase("""{"error":{"message":"Unknown field temperature"}}""", true)]
    public async Task Call_ErrorNamesNoParameterOfTheEndpoint_IsTheRequestsFault(string error, bool isOfTheRun)
    {
        _answer = _ => (400, error);
        var outcome = await CallAsync(Spec with { Parameters = Temperature }, runParameters: isOfTheRun ? Temperature : null);
        Assert.That(outcome, Is.InstanceOf<ProviderOutcome.Rejected>());
    }

    /// <summary>Errors that repeat the request are as large as it is. They are no answers.</summary>
    [TestCase(503, typeof(ProviderOutcome.Unavailable))]
    [TestCase(422, typeof(ProviderOutcome.Rejected))]
    public async Task Call_ErrorIsVeryLarge_IsStillAnError(int status, Type outcome)
    {
        _answer = _ => (status, $$"""{"detail":[{"input":"{{new string('x', 5 * 1024 * 1024)}}"}]}""");
        Assert.That(await CallAsync(Spec), Is.InstanceOf(outcome));
    }

    [Test]
    public async Task Call_ProviderStreamsUnasked_IsUnderstood()
    {
        _answer = _ => (200, "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        _headers = response => response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        Assert.That(((ProviderOutcome.Answered)await CallAsync(Spec)).Answer.Text, Is.EqualTo("hi"));
    }

    private static string Body(string limit, string model = "m") => $$"""{"model":"{{model}}","messages":[],"{{limit}}":9}""";

    private static SecretKeyReference Reference(string key) => new() { Name = "azure", Key = key };

    private static EndpointCredentials Credentials(ModelEndpoint endpoint, params (SecretKeyReference Reference, string? Text)[] values) =>
        new(endpoint, [.. values.Select(value => (value.Reference, new SecretValue(value.Text, "1", new(ApiConstants.ModelKeySecretType, null))))]);

    private static ModelEndpoint Endpoint(ModelEndpointSpec spec, long generation) => new()
    {
        Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = "agents", Uid = "uid", Generation = generation }, Spec = spec,
    };

    private IEnumerable<string> Limits() => _requests.Select(request => string.Join(
        ' ', request.Body.Where(field => field.Key.Contains("tokens", StringComparison.Ordinal)).Select(field => $"{field.Key}={field.Value}")));

    private Task<ProviderOutcome> CallAsync(
        ModelEndpointSpec spec, string body = """{"model":"m","messages":[]}""", (SecretKeyReference Reference, string? Text)[]? keys = null, long generation = 1,
        IReadOnlyDictionary<string, JsonElement>? runParameters = null)
    {
        var endpoint = Endpoint(spec, generation);
        var bytes = Encoding.UTF8.GetBytes(body);
        return _client.CallAsync(
            new ProviderRequest(endpoint, ModelRequest.Parse(bytes), bytes) { RunParameters = runParameters },
            Credentials(endpoint, keys ?? []), "step-1", default);
    }

    private sealed class Provider(ProviderClientTests test) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken))!.AsObject();
            var headers = request.Headers.Concat(request.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
            test._requests.Add((request.RequestUri!, headers, body));
            var (status, answer) = test._answer(body);
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(answer) };
            test._headers(response);
            return response;
        }
    }
}
