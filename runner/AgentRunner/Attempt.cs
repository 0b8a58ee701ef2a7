using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Exits;
using AgentRunner.Gateway;
using AgentRunner.Loop;
using AgentRunner.Loop.Filters;
using AgentTools;
using AgentRunner.Models;
using AgentRunner.Tools;
using AgentRunner.Tools.Mcp;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;

namespace AgentRunner;

/// <summary>One attempt at a run: composes the parts and goes from the journal's head to the exit.</summary>
/// <param name="options">What the environment says.</param>
/// <param name="transport">The way to the gateway; it adds the token.</param>
/// <param name="stop">Asks to stop.</param>
/// <param name="patience">How long an outage is waited out.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Where logs go.</param>
/// <param name="jitter">Spreads retries: a number in [0, 1) each time; null draws at random.</param>
/// <param name="builtIns">Gives the built-in tools by their names; null gives the real ones.</param>
internal sealed partial class Attempt(
    RunnerOptions options, HttpMessageHandler transport, StopSignal stop, TimeSpan patience, TimeProvider time, ILoggerFactory loggers,
    Func<double>? jitter = null, Func<string, ITool?>? builtIns = null)
{
    private readonly ILogger<Attempt> _logger = loggers.CreateLogger<Attempt>();
    private readonly GatewayRetry _retry = new(patience, time, loggers.CreateLogger<GatewayRetry>(), jitter);

    /// <summary>Runs it.</summary>
    /// <returns>How the process ends; failures too.</returns>
    public async Task<RunnerExit> RunAsync()
    {
        try
        {
            using var http = new HttpClient(transport, disposeHandler: false)
            {
                BaseAddress = options.GatewayUrl, Timeout = Timeout.InfiniteTimeSpan,
            };
            return await RunAsync(new GatewayClient(http, _retry, time));
        }
        catch (OperationCanceledException) when (stop.CommitGivenUp.IsCancellationRequested || stop.StepGivenUp.IsCancellationRequested)
        {
            return stop.Fatal is { } fatal
                ? ExitRules.For(fatal)
                : new RunnerExit(RunnerExitCodes.Parked, TerminationReasons.Stopped, $"Stopped on request ({stop.Reason}).");
        }
        catch (Exception exception)
        {
            // The outermost catch: every failure becomes an exit code and a sentence.
            var exit = ExitRules.For(exception);
            if (exit.Code is RunnerExitCodes.Error or RunnerExitCodes.InternalError)
            {
                LogFailed(exception);
            }

            return exit;
        }
    }

    private async Task<RunnerExit> RunAsync(GatewayClient gateway)
    {
        var run = await gateway.GetRunAsync(stop.StepGivenUp);

        LogAttempt(run.Epoch, run.Namespace, run.Name, run.Model.Name);
        using var limits = new CurrentLimits(gateway, run.Terms, time);
        using var ended = new CancellationTokenSource();
        var progress = new Progress();
        var heartbeat = new Heartbeat(
            gateway, progress, limits, stop, TimeSpan.FromSeconds(Math.Max(1, run.HeartbeatSeconds)), time,
            loggers.CreateLogger<Heartbeat>()).RunAsync(ended.Token);
        try
        {
            return await RunAsync(gateway, run, limits, progress);
        }
        finally
        {
            // Not on the thread pool: only the heartbeat waits for this, and it ends here.
            ended.Cancel();
            await heartbeat;
        }
    }

    private async Task<RunnerExit> RunAsync(GatewayClient gateway, RunDescription run, CurrentLimits limits, Progress progress)
    {
        var start = await StartOfJournal.ReadAsync(gateway, run.Journal, stop.StepGivenUp);
        await using var servers = new McpServers(options.Roots, run.Limits.MaxToolOutputBytes, _retry);
        var builder = new ToolboxBuilder(options, servers, MemoryCgroup.Find("/"), builtIns);
        var toolbox = start.Tools is null
            ? await builder.ListAsync(run.Tools, stop.StepGivenUp)
            : builder.Restore(run.Tools, start.Tools);
        var conversation = new Conversation(Prompt(run, toolbox));
        var replay = new Replay(conversation);
        var journal = new JournalWriter(gateway, conversation, replay);
        await journal.CatchUpAsync(stop.StepGivenUp, start.FirstPage);
        if (replay.Epoch > run.Epoch)
        {
            throw new RunnerException(
                RunnerExitCodes.Fenced, TerminationReasons.StaleEpoch, $"Epoch {run.Epoch} is over: epoch {replay.Epoch} owns the run.");
        }

        if (conversation.Turns.Count > 0)
        {
            LogResumed(conversation.Turns.Count, conversation.Head);
        }

        using var chat = new GatewayChatClient(new Uri(options.GatewayUrl, "v1/run"), run.Model.Name, transport);
        var kernel = BuildKernel(chat, toolbox, ToolFilters.InOrder(journal, stop, time, loggers));
        var model = new ModelClient(kernel, _retry, () => TimeSpan.FromSeconds(limits.Limits.StepTimeoutSeconds), time);
        var tools = new ToolRunner(kernel, toolbox, () => limits.Limits, conversation.Turns is [.., var last] ? last : null);
        var loop = new AgentLoop(
            conversation, new Planner(toolbox, run.Tools.Count > 0), journal, model, tools, stop, progress, limits, time,
            loggers.CreateLogger<AgentLoop>());
        return await loop.RunAsync();
    }

    private static Prompt Prompt(RunDescription run, Toolbox toolbox) => new()
    {
        Lineage = run.Lineage,
        Instructions = run.Instructions,
        Task = run.Task,
        Model = run.Model,
        Tools = [.. toolbox.Offered.Select(tool => new ToolSpecification(tool.Name, tool.Description, tool.InputSchema))],
        MaxContextBytes = run.Limits.MaxContextBytes,
    };

    private static Kernel BuildKernel(IChatClient chat, Toolbox toolbox, IReadOnlyList<IFunctionInvocationFilter> filters)
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton(chat);
        foreach (var filter in filters)
        {
            builder.Services.AddSingleton(filter);
        }

        foreach (var plugin in toolbox.Plugins)
        {
            builder.Plugins.Add(plugin);
        }

        return builder.Build();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "attempt {Epoch} of run {Namespace:l}/{Name:l} with model {Model:l}")]
    private partial void LogAttempt(int epoch, string @namespace, string name, string model);

    [LoggerMessage(Level = LogLevel.Information, Message = "resumed at step {Step} from record {Sequence}")]
    private partial void LogResumed(int step, long sequence);

    [LoggerMessage(Level = LogLevel.Error, Message = "the attempt failed")]
    private partial void LogFailed(Exception exception);
}
