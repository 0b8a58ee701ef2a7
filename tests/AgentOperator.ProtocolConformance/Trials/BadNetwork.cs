using System.Diagnostics;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Everything that passes by itself, on one run.</summary>
internal sealed class BadNetwork : Trial
{
    private const int Seconds = 1;

    /// <summary>Clocks of two processes, and a timer that may fire slightly early.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    public override IReadOnlyList<Point> Points =>
    [
        AllPoints.TransientRetried, AllPoints.RetryAfterObeyed, AllPoints.SameKeyOnRetry, AllPoints.RepeatedSaid, AllPoints.LostCommitOnce,
        AllPoints.UnauthorizedRetried,
    ];

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell("echo one"), Script.Say("done"))));
        var token = "";
        stage.Wire.Add(new Fault(exchange => exchange.Method == "GET") { Answer = Fault.Page(502) });
        stage.Wire.Add(new Fault(exchange => exchange.Appends(RecordKinds.ToolsListed))
        {
            Answer = Fault.Problem(429, ErrorCodes.TooManyRequests, Seconds),
        });
        stage.Wire.Add(new Fault(exchange => exchange.IsChat) { IsLost = true });
        stage.Wire.Add(new Fault(exchange => exchange.IsChat) { Answer = Fault.Problem(425, ErrorCodes.EpochNotClaimed) });
        stage.Wire.Add(new Fault(exchange => exchange.IsChat) { Answer = Fault.Problem(503, ErrorCodes.JournalUnavailable) });
        stage.Wire.Add(new Fault(exchange => exchange.Appends(RecordKinds.ToolResult)) { IsAnswerLost = true });
        stage.Wire.Add(new Fault(exchange => exchange.IsResult)
        {
            Before = _ =>
            {
                token = stage.ReplaceToken();
                return Task.CompletedTask;
            },
            Answer = Fault.Problem(401, ErrorCodes.Unauthorized),
        });
        var end = await stage.PlayAsync(runner);
        var (wire, chats) = (stage.Wire, stage.Wire.Chats.Take(4).ToList());

        verdict.Check(AllPoints.TransientRetried, end.Is(RunnerExitCodes.Done), "the run succeeds, exit 0", $"{end}; {wire.Story}");
        var lists = wire.Steps.Where(step => step.Appends(RecordKinds.ToolsListed)).Take(2).ToList();
        var waited = lists is [var first, var second] ? Stopwatch.GetElapsedTime(first.At, second.At) : (TimeSpan?)null;
        verdict.Check(
            AllPoints.RetryAfterObeyed, waited > TimeSpan.FromSeconds(Seconds) - Slack, "the second append 1 s after the first or later",
            waited is { } time ? $"after {time.TotalMilliseconds:0} ms" : wire.Story);
        verdict.Check(
            AllPoints.SameKeyOnRetry,
            chats.Count == 4 && chats.All(chat => chat.Key == chats[0].Key && chat.Body.AsSpan().SequenceEqual(chats[0].Body)),
            "the first four model calls have one key and one body",
            $"keys: {string.Join(", ", chats.Select(chat => chat.Key))}; bytes: {string.Join(", ", chats.Select(chat => chat.Body.Length))}");
        verdict.Check(
            AllPoints.RepeatedSaid, chats.Count > 1 && !chats[0].IsRepeated && chats[1].IsRepeated,
            "not at the first model call, but at the second, after the connection broke", string.Join(", ", chats.Select(chat => chat.IsRepeated)));
        var results = await RecordsAsync(stage, RecordKinds.ToolResult);
        verdict.Check(
            AllPoints.LostCommitOnce, results.Count == 1 && wire.Steps.Count(step => step.Appends(RecordKinds.ToolResult)) == 2,
            "the append twice, the record once", $"{results.Count} records; {wire.Story}");
        var posts = wire.Steps.Where(step => step.IsResult).ToList();
        verdict.Check(
            AllPoints.UnauthorizedRetried, posts is [_, { Status: 200 } again] && again.Authorization == $"Bearer {token}",
            "the result is posted again with the new token",
            $"{posts.Count} posts, {posts.Count(post => post.Authorization == $"Bearer {token}")} of them with it; {end}");
    }
}
