using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Tests.Gateway.Bodies;

/// <summary>What runners may have the gateway hold, over HTTP.</summary>
[TestFixture]
internal sealed class BodyLimitTests
{
    private const int Half = BodyReader.MaxBytes;

    [Test]
    public async Task Post_OtherBodiesOfTheRunTakeItsRoom_IsRefusedUntilTheyAreGone()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]");
        using (await OpenAsync(world, Routes.Journal, world.Token))
        using (await OpenAsync(world, Routes.ChatCompletions, world.Token))
        {
            await Eventually.TrueAsync("both bodies are announced", () => Held(world) == 2 * Half);

            using var refused = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
            await ModelCallTests.AssertRefusedAsync(refused, HttpStatusCode.TooManyRequests, ErrorCodes.TooManyRequests);
            using var withoutBody = await world.GetAsync(world.Token, Routes.Run);
            Assert.That((refused.Headers.RetryAfter?.ToString(), withoutBody.StatusCode), Is.EqualTo(("2", HttpStatusCode.OK)));
        }

        await Eventually.TrueAsync("the bodies are given up", () => Held(world) == 0);
        using var after = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Post_WithoutAGoodToken_HoldsNothing()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]");
        using var socket = await OpenAsync(world, Routes.Journal, PodToken.Of("bogus"));

        var answer = new byte[12];
        await socket.GetStream().ReadExactlyAsync(answer);

        Assert.That((Encoding.ASCII.GetString(answer), Held(world)), Is.EqualTo(("HTTP/1.1 401", 0)));
    }

    [Test]
    public async Task Chat_RunnerHangsUp_CallHoldsItsBodyUntilItsAnswerIsCommitted()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, delayMs: 1500}]");
        using var hangUp = new CancellationTokenSource();
        var call = world.ChatAsync(world.Token, "step-1", 2, cancellationToken: hangUp.Token);
        await Eventually.TrueAsync("the model is asked", () => world.Model.Log.InFlight == 1);

        await hangUp.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        using var after = await world.GetAsync(world.Token, Routes.Run);

        Assert.That(Held(world), Is.EqualTo(BodyReader.LeastBytes));
        await Eventually.TrueAsync("the body is given up", () => Held(world) == 0);
        Assert.That((await world.Journal.ReadHeadAsync(world.Run, default))!.Steps, Is.EqualTo(1));
    }

    [Test]
    public void Options_ByDefault_LetARunHaveTwoBodiesAndNotAll()
    {
        var options = new GatewayOptions();
        Assert.That((options.MaxRunBodyBytes, options.MaxBodyBytes), Is.EqualTo((2 * BodyReader.MaxBytes, 8 * BodyReader.MaxBytes)));
    }

    private static long Held(GatewayWorld world) => world.Services.GetRequiredService<BodyBudget>().Held;

    /// <summary>Announces a body of the largest size and sends nothing of it.</summary>
    private static async Task<TcpClient> OpenAsync(GatewayWorld world, string path, string token)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(world.Http.BaseAddress!.Host, world.Http.BaseAddress.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\nContent-Length: {Half}\r\n"
            + $"{Routes.IdempotencyKeyHeader}: step-1\r\n{Routes.ExpectedSequenceHeader}: 2\r\n\r\n"));
        return socket;
    }
}
