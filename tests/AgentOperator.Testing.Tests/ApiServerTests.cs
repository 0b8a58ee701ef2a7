using AgentOperator.Testing.FakeApi;

namespace AgentOperator.Testing.Tests;

/// <summary>What calls by path do when the server does not just answer.</summary>
internal sealed class ApiServerTests
{
    private const string Path = "api/v1/namespaces/team/pods/a";

    [TestCase(429)]
    [TestCase(503)]
    [TestCase(0, Description = "the connection breaks")]
    public async Task Write_FailureThatMayPass_IsTriedAgain(int code)
    {
        using var connection = Connection(code);

        var answer = await new ApiServer(connection.Client).WriteAsync(HttpMethod.Put, Path, "{}"u8.ToArray(), default);

        Assert.That(answer, Is.Not.Null);
        Assert.That(connection.Exchanges, Has.Count.EqualTo(1));
    }

    [TestCase(404)]
    [TestCase(409)]
    public async Task Write_ObjectIsNotWhatItWas_Null(int code)
    {
        using var connection = Connection(code);

        Assert.That(await new ApiServer(connection.Client).WriteAsync(HttpMethod.Put, Path, "{}"u8.ToArray(), default), Is.Null);
    }

    [Test]
    public async Task Write_Refused_ThrowsWithTheServersWords()
    {
        using var connection = Connection(403);
        var api = new ApiServer(connection.Client);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => api.WriteAsync(HttpMethod.Put, Path, "{}"u8.ToArray(), default));

        Assert.That(error!.Message, Does.Contain($"PUT /{Path}: 403").And.Contain("fake: Refused"));
    }

    /// <summary>A connection whose first call fails with a code, or breaks.</summary>
    private static FakeConnection Connection(int code)
    {
        var server = new FakeKubernetes();
        server.Cluster.Put("api/v1/pods", "team", "a", []);
        var calls = 0;
        return new FakeConnection(server)
        {
            Route = (_, answer) => ++calls > 1 ? answer()
                : code == 0 ? throw new HttpRequestException("broken")
                : FakeAnswer.Failure(code, "Refused"),
        };
    }
}
