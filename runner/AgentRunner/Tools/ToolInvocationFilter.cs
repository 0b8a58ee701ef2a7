using System.Text;
using AgentTools;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;

namespace AgentRunner.Tools;

/// <summary>Surrounds every tool call: measures and logs it, and turns what a tool throws into an outcome that the model is told.</summary>
internal sealed partial class ToolInvocationFilter(TimeProvider time, ILogger<ToolInvocationFilter> logger) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        LogStarted(context.Function.Name);
        var started = time.GetTimestamp();
        ToolOutcome outcome;
        try
        {
            await next(context);
            outcome = context.Result.GetValue<ToolOutcome>()!;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            LogGivenUp(context.Function.Name, (long)time.GetElapsedTime(started).TotalMilliseconds);
            throw;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The boundary of a tool: a defect in one costs the call, not the run. How far the tool had come is not known.
            // The message may hold output, so the log names the type alone.
            LogBroken(context.Function.Name, exception.GetType().Name);
            outcome = ToolOutcome.Unknown($"The tool broke off: {exception.Message}");
        }

        outcome = outcome with { Duration = time.GetElapsedTime(started) };
        context.Result = new FunctionResult(context.Result, outcome);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "tool {Tool:l} threw {Exception:l}")]
    private partial void LogBroken(string tool, string exception);
}
