using System.Text;
using AgentTools;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop.Filters;

/// <summary>Measures a tool call and logs its start and its end.</summary>
internal sealed partial class TimingFilter(TimeProvider time, ILogger<TimingFilter> logger) : IFunctionInvocationFilter
{
    /// <inheritdoc/>
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        LogStarted(context.Function.Name);
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            LogGivenUp(context.Function.Name, (long)time.GetElapsedTime(started).TotalMilliseconds);
            throw;
        }

        var outcome = context.Outcome() with { Duration = time.GetElapsedTime(started) };
        context.SetOutcome(outcome);
        LogEnded(
            context.Function.Name, Describe(outcome.End), (long)outcome.Duration.TotalMilliseconds,
            Encoding.UTF8.GetByteCount(outcome.Content), outcome.TruncatedBytes);
    }

    private static string Describe(ToolEnd end) => end switch
    {
        ToolEnd.Succeeded => "ended",
        ToolEnd.Failed => "failed",
        _ => "ended with an unknown outcome",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "tool {Tool:l} started")]
    private partial void LogStarted(string tool);

    [LoggerMessage(Level = LogLevel.Information, Message = "tool {Tool:l} {End:l} after {Milliseconds} ms with {Bytes} bytes ({TruncatedBytes} cut)")]
    private partial void LogEnded(string tool, string end, long milliseconds, int bytes, long truncatedBytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "tool {Tool:l} given up after {Milliseconds} ms")]
    private partial void LogGivenUp(string tool, long milliseconds);
}
