using System.Net;
using System.Text.Json.Nodes;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>The gateway takes what docs/openapi.yaml describes, and refuses everything else with a client's error that names the field.</summary>
[TestFixture]
internal sealed class RequestsOfTheDocumentTests
{
    private const int RandomBodies = 300;

    private GatewayWorld _world;

    [SetUp]
    public async Task SetUp() => _world = await GatewayWorld.StartAsync("steps: [{text: hello}]");

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCaseSource(typeof(OpenApiDocument), nameof(OpenApiDocument.Requests))]
    public async Task Request_AsInTheExample_IsTaken(DocumentedRequest request)
    {
        using var response = await SendAsync(request.Path, request.Example.ToJsonString());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    [TestCaseSource(typeof(OpenApiDocument), nameof(OpenApiDocument.Requests))]
    public async Task Request_WithFieldsThatAreNotKnown_IsTaken(DocumentedRequest request)
    {
        var body = request.Example.DeepClone().AsObject();
        body["laterField"] = new JsonObject { ["a"] = new JsonArray(1, null, "x") };
        using var response = await SendAsync(request.Path, body.ToJsonString());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    [TestCaseSource(typeof(OpenApiDocument), nameof(OpenApiDocument.Requests))]
    public async Task Request_WithOneMistake_IsABadRequestThatNamesTheField(DocumentedRequest request)
    {
        var mistakes = request.Mistakes().ToList();
        foreach (var (field, mistake, body) in mistakes)
        {
            using var response = await SendAsync(request.Path, body?.ToJsonString() ?? "null");
            var error = await response.Content.ReadAsStringAsync();

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), $"{field} {mistake}: {error}");
            Assert.That(JsonNode.Parse(error)!["code"]!.ToString(), Is.EqualTo(ErrorCodes.InvalidRequest), $"{field} {mistake}: {error}");
            Assert.That(JsonNode.Parse(error)!["detail"]!.ToString(), Does.Contain(field), $"{field} {mistake}: {error}");
        }

        Assert.That(mistakes, Has.Count.GreaterThan(10));
        Assert.That(await HeadAsync(), Is.EqualTo(2), "nothing was committed");
        Assert.That(_world.Model.Log.List(), Is.Empty, "the model was not asked");
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("\ufeff{}")]
    [TestCase("<html>")]
    [TestCase("{\"a\":1}{\"a\":1}")]
    public async Task Request_ThatIsNoMessage_IsABadRequest(string body)
    {
        foreach (var request in OpenApiDocument.Requests)
        {
            using var response = await SendAsync(request.Path, body);
            await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        }
    }

    [TestCase(Routes.Journal + "?after=-1", "after")]
    [TestCase(Routes.Journal + "?after=two", "after")]
    [TestCase(Routes.Journal + "?after=99999999999999999999", "after")]
    [TestCase(Routes.Run + "?journal=maybe", "journal")]
    public async Task Get_WithAParameterOfAnotherType_IsABadRequestThatNamesIt(string path, string parameter)
    {
        using var response = await _world.GetAsync(_world.Token, path);

        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.That(error.Detail, Does.StartWith(parameter));
    }

    [TestCase(Routes.IdempotencyKeyHeader, null)]
    [TestCase(Routes.IdempotencyKeyHeader, "")]
    [TestCase(Routes.ExpectedSequenceHeader, null)]
    [TestCase(Routes.ExpectedSequenceHeader, "0")]
    [TestCase(Routes.ExpectedSequenceHeader, "-1")]
    [TestCase(Routes.ExpectedSequenceHeader, "two")]
    [TestCase(Routes.ExpectedSequenceHeader, "99999999999999999999")]
    [TestCase(Routes.RepeatedHeader, "yes")]
    public async Task Chat_WithAHeaderThatIsNotAsDescribed_IsABadRequestThatNamesIt(string header, string? value)
    {
        using var response = await SendAsync(Routes.ChatCompletions, GatewayWorld.Body("test-model"), (header, value));

        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.That(error.Detail, Does.StartWith(header));
    }

    [TestCase("/")]
    [TestCase("/v1")]
    [TestCase("/v1/run/nowhere")]
    [TestCase("/v1/run/file.txt")]
    [TestCase("/v1/run/%2e%2e/nowhere")]
    public async Task AnyOtherPath_IsNotFoundWithAProblem(string path)
    {
        using var response = await _world.GetAsync(_world.Token, path);

        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.NotFound, ErrorCodes.NotFound);
    }

    [Test]
    public async Task AnyOtherMethod_IsRefusedWithAProblemAndTheMethodsThatThereAre()
    {
        foreach (var (path, methods) in OpenApiDocument.Methods)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, path);
            request.Headers.Authorization = new("Bearer", _world.Token);
            using var response = await _world.Http.SendAsync(request);

            await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.MethodNotAllowed, ErrorCodes.MethodNotAllowed);
            Assert.That(response.Content.Headers.Allow, Is.EquivalentTo(methods), path);
        }
    }

    /// <summary>Bodies in which any value is replaced by any other, or any text is put anywhere.</summary>
    [TestCaseSource(typeof(OpenApiDocument), nameof(OpenApiDocument.Requests))]
    public async Task Request_OfAnyJson_IsNeverTheGatewaysFailure(DocumentedRequest request)
    {
        for (var seed = 0; seed < RandomBodies; seed++)
        {
            using var response = await SendAsync(request.Path, AnyBody.Of(request.Example, seed));

            Assert.That((int)response.StatusCode, Is.LessThan(500), $"seed {seed}: {await response.Content.ReadAsStringAsync()}");
        }

        var records = await _world.Journal.ReadAsync(_world.Run, 0, int.MaxValue, default);
        Assert.That(records.Records, Is.Not.Empty, "the journal is whole");
    }

    private async Task<long> HeadAsync() => (await _world.Journal.ReadHeadAsync(_world.Run, default))!.Sequence;

    private async Task<HttpResponseMessage> SendAsync(string path, string body, (string Name, string? Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.Authorization = new("Bearer", _world.Token);
        if (path == Routes.ChatCompletions)
        {
            foreach (var (name, value) in ((string, string?)[])[(Routes.IdempotencyKeyHeader, "key"), (Routes.ExpectedSequenceHeader, "2")])
            {
                if (header?.Name != name)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }

            if (header is { Value: { } changed })
            {
                request.Headers.TryAddWithoutValidation(header.Value.Name, changed);
            }
        }

        return await _world.Http.SendAsync(request);
    }
}
