using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AgentOperator.SimulatedNodes.Pods;

namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>An agent: reads its journal, asks the model, answers the tool calls, commits its end; and dies where its program says.</summary>
/// <param name="connect">The way of a pod to the gateway; null when the pod is gone.</param>
/// <param name="crashOf">The death of a run's attempt; null for none.</param>
internal sealed class AgentWorkload(Func<ObservedPod, CancellationToken, Task<RunnerGateway?>> connect, Func<string, int, Crash?> crashOf) : IWorkload
{
    private readonly ConcurrentQueue<string> _surprises = new();

    /// <summary>Ends that are in no program: what agents were refused, and why.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    public async Task<ContainerExit> RunAsync(ObservedPod pod, CancellationToken cancellationToken)
    {
        if (await connect(pod, cancellationToken) is not { } gateway)
        {
            return ContainerExit.Error(RunnerExitCodes.Error, "The pod is gone.");
        }

        var environment = pod.Environment;
        var attempt = int.Parse(environment[RunnerEnvironment.Attempt], CultureInfo.InvariantCulture);
        try
        {
            return await PlayAsync(gateway, crashOf(environment[RunnerEnvironment.Run], attempt), cancellationToken);
        }
        catch (GatewayRefusal refusal) when (refusal.Code == ErrorCodes.RunFinished)
        {
            return ContainerExit.Completed;
        }
        catch (Exception exception) when (exception is GatewayRefusal or HttpRequestException or IOException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            _surprises.Enqueue($"{pod.Name}: {exception.Message}");
            return ContainerExit.Error(
                exception is GatewayRefusal { Code: ErrorCodes.StaleEpoch } ? RunnerExitCodes.Fenced : RunnerExitCodes.Error, exception.Message);
        }
    }

    private static async Task<ContainerExit> PlayAsync(RunnerGateway gateway, Crash? crash, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = await gateway.GetRunAsync(cancellationToken);
        var heartbeat = BeatAsync(gateway, TimeSpan.FromSeconds(run.HeartbeatSeconds), ended.Token);
        try
        {
            return await PlayAsync(gateway, run, crash, cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await heartbeat;
        }
    }

    private static async Task<ContainerExit> PlayAsync(RunnerGateway gateway, RunDescription run, Crash? crash, CancellationToken cancellationToken)
    {
        var conversation = new Conversation(run);
        JournalPage page;
        do
        {
            page = await gateway.ReadJournalAsync(conversation.Head, cancellationToken);
            foreach (var record in page.Records)
            {
                conversation.Add(record);
            }
        }
        while (conversation.Head < page.HeadSequence);

        while (!conversation.IsFinished && conversation.FinalText is null)
        {
            if (await StepAsync(gateway, run, conversation, crash, cancellationToken) is { } exit)
            {
                return exit;
            }
        }

        if (!conversation.IsFinished)
        {
            var end = new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = "Completed", Result = conversation.FinalText };
            await gateway.FinishAsync(new ResultRequest(conversation.Head, end), cancellationToken);
        }

        return ContainerExit.Completed;
    }

    /// <summary>One model call or one tool call.</summary>
    /// <returns>How the agent died of it; null when it lives.</returns>
    private static async Task<ContainerExit?> StepAsync(
        RunnerGateway gateway, RunDescription run, Conversation conversation, Crash? crash, CancellationToken cancellationToken)
    {
        if (conversation.OpenCall is { } open)
        {
            if (await DiesAsync(crash, CrashPoint.BeforeTool, conversation.Steps, cancellationToken))
            {
                return crash!.Exit;
            }

            var outcome = new ToolOutcomePayload { Tool = open.Call.Name, Content = $"done {open.Call.Arguments}", DurationMilliseconds = 1 };
            var record = new NewRecord(
                RecordKinds.ToolResult, JsonSerializer.SerializeToElement(outcome, ProtocolJson.Default.ToolOutcomePayload), open.StepKey,
                open.Call.Id);
            var appended = await gateway.AppendAsync(new AppendRequest(conversation.Head, [record]), cancellationToken);
            conversation.AddOutcome(appended.HeadSequence, open.Call.Id, outcome.Content);
            return await DiesAsync(crash, CrashPoint.AfterTool, conversation.Steps, cancellationToken) ? crash!.Exit : null;
        }

        var body = conversation.WriteRequest();
        var stepKey = StepKeys.ForModelCall(run.Lineage, Convert.ToHexStringLower(SHA256.HashData(body)), conversation.Steps + 1);
        if (await DiesAsync(crash, CrashPoint.DuringCall, conversation.Steps + 1, cancellationToken))
        {
            await SendAndForgetAsync(gateway, body, stepKey, conversation.Head);
            return crash!.Exit;
        }

        var (sequence, completion) = await gateway.CompleteAsync(body, stepKey, conversation.Head, cancellationToken);
        conversation.AddCompletion(sequence, completion);
        return null;
    }

    private static async Task<bool> DiesAsync(Crash? crash, CrashPoint point, int step, CancellationToken cancellationToken)
    {
        if (crash is null || crash.Point != point || crash.Step != step)
        {
            return false;
        }

        if (crash.Gate is { } gate)
        {
            await gate.PassAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Sends a call, and hangs up about when it has arrived.</summary>
    private static async Task SendAndForgetAsync(RunnerGateway gateway, byte[] body, string stepKey, long head)
    {
        using var hangUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 50)), TimeProvider.System);
        try
        {
            await gateway.CompleteAsync(body, stepKey, head, hangUp.Token);
        }
        catch (OperationCanceledException) when (hangUp.IsCancellationRequested)
        {
            // Dead.
        }
    }

    private static async Task BeatAsync(RunnerGateway gateway, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        try
        {
            do
            {
                await gateway.HeartbeatAsync(new HeartbeatRequest(0), cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent has ended.
        }
        catch (GatewayRefusal)
        {
            // The agent's own calls are refused alike, and say so.
        }
    }
}
