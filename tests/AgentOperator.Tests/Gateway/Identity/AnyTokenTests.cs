using System.Globalization;
using System.Text.Json;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Identity;
using AgentOperator.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Identity;

/// <summary>Any text in the Authorization header is refused, after one TokenReview at most.</summary>
[TestFixture]
internal sealed class AnyTokenTests
{
    private const int Seeds = 3_000;

    private static readonly string[] Values =
    [
        "\"agentoperator\"", "[\"agentoperator\"]", "[]", "[null,1,\"agentoperator\"]", "{}", "null", "true", "4102444800", "-1", "1e999",
        "\"\\ud83c\"", "{\"pod\":{\"name\":\"survey-1\"}}", "{\"pod\":{\"name\":\"\\udf89\"}}",
        "{\"pod\":{\"\\ud83cname\":1}}", "{\"pod\":null}", "[[[[[[]]]]]]",
    ];

    private const string Good =
        "\"aud\":\"agentoperator\",\"exp\":4102444800,"
        + "\"kubernetes.io\":{\"pod\":{\"name\":\"a-1\"},\"serviceaccount\":{\"name\":\"default\"}}";

    private static readonly string[] Names = ["aud", "exp", "kubernetes.io", "sub", "\\u0061ud", "\\ud83c", "AUD"];

    [Test]
    public async Task Authenticate_AnyHeader_IsRefusedAfterOneReviewAtMost()
    {
        var reviewer = new CountingReviewer();
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        await using var services = OperatorServices.Operator(
            new FakeConnection(new FakeKubernetes()), time, services => services.AddSingleton<ITokenReviewer>(reviewer));
        var authenticator = services.GetRequiredService<RunnerAuthenticator>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var context = new DefaultHttpContext();
            context.Request.Headers.Authorization = HeaderOf(seed);
            for (var again = 0; again < 2; again++)
            {
                var refused = await AuthenticateAsync(authenticator, context.Request, seed);
                Assert.That(refused, Is.EqualTo(ErrorCodes.Unauthorized), $"seed {seed}");
            }
        }

        Assert.That(reviewer.Reviews.Values, Is.All.EqualTo(1));
        Assert.That(reviewer.Reviews, Has.Count.GreaterThan(Seeds / 100), "some may be a runner's");
    }

    private static async Task<string> AuthenticateAsync(RunnerAuthenticator authenticator, HttpRequest request, int seed)
    {
        try
        {
            await authenticator.AuthenticateAsync(request, default);
            return "accepted";
        }
        catch (GatewayException refused)
        {
            return refused.ToError().Code;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"seed {seed}", exception);
        }
    }

    private static string HeaderOf(int seed)
    {
        var random = new Random(seed);
        return random.Next(8) switch
        {
            0 => AnyText.Of(seed),
            1 => "Bearer " + AnyText.Of(seed),
            2 => $"bearer {AnyText.Of(seed)}.{AnyText.Of(seed + 1)}.{AnyText.Of(seed + 2)}",
            3 => "Bearer " + PodToken.With(AnyText.Of(seed)) + seed.ToString(CultureInfo.InvariantCulture),
            4 => "Bearer " + PodToken.With(JsonSerializer.Serialize(new { aud = AnyText.Of(seed), exp = AnyText.Of(seed + 1) })) + "c2ln",
            _ => "Bearer " + PodToken.With(Claims(random)) + seed.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static string Claims(Random random)
    {
        var fields = Enumerable.Range(0, random.Next(12)).Select(_ => $"\"{Pick(Names)}\":{Pick(Values)}")
            .Concat(random.Next(4) == 0 ? [Good] : []);
        return "{" + string.Join(',', fields) + (random.Next(10) == 0 ? "" : "}");

        string Pick(string[] choices) => choices[random.Next(choices.Length)];
    }
}
