using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Loop;
using AgentRunner.Tools;
using AgentTools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

namespace AgentRunner.Tests.Fakes;

/// <summary>A conversation with one open tool call, run through the kernel with the filters that a test is about.</summary>
internal sealed class FilteredCall
{
    public const int MaxOutputBytes = 64;

    private static readonly Prompt Prompt = new() { Lineage = "l", Task = "t", Model = new ModelParameters("m"), MaxContextBytes = 100_000 };

    public FilteredCall(ToolEffect effect = ToolEffect.Pure, bool commitIntent = false)
    {
        Conversation = new Conversation(Prompt);
        Conversation.AddAnswer(1, new ModelAnswerPayload { Model = "m", ToolCalls = [new ToolCall("c", "tool", "{}")], FinishReason = "tool_calls" });
        Action = new RunnerAction.StartTool(Conversation.Turns[0].Calls[0], effect, commitIntent);
    }

    public Conversation Conversation { get; }

    public RunnerAction.StartTool Action { get; }

    /// <summary>What the tool was given; null when it did not start.</summary>
    public ToolInvocation? Given { get; private set; }

    /// <summary>Runs the tool inside the filters, the first outermost.</summary>
    public async Task<ToolOutcome> RunAsync(
        Func<CancellationToken, Task<ToolOutcome>> tool, CancellationToken cancellationToken, params IFunctionInvocationFilter[] filters)
    {
        var toolbox = new Toolbox([AdvertisedTool.Of(new Tool(this, tool), Action.Effect)], []);
        var builder = Kernel.CreateBuilder();
        foreach (var filter in filters)
        {
            builder.Services.AddSingleton(filter);
        }

        var limits = new RunLimits(50, null, 60, MaxOutputBytes, 1024 * 1024);
        return await new ToolRunner(builder.Build(), toolbox, () => limits).RunAsync(Action, cancellationToken);
    }

    /// <summary>Runs a tool that ends so inside the filters.</summary>
    public Task<ToolOutcome> RunAsync(ToolOutcome outcome, params IFunctionInvocationFilter[] filters) =>
        RunAsync(_ => Task.FromResult(outcome), CancellationToken.None, filters);

    private sealed class Tool(FilteredCall call, Func<CancellationToken, Task<ToolOutcome>> run) : ITool
    {
        public string Name => "tool";

        public string Description => "";

        public JsonElement Schema { get; } = JsonElement.Parse("{}");

        public Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken)
        {
            call.Given = invocation;
            return run(cancellationToken);
        }
    }
}
