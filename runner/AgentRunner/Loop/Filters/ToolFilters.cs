using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop.Filters;

/// <summary>The filters around every tool call.</summary>
internal static class ToolFilters
{
    /// <summary>All of them, outermost first.</summary>
    public static IReadOnlyList<IFunctionInvocationFilter> InOrder(
        JournalWriter journal, StopSignal stop, TimeProvider time, ILoggerFactory loggers) =>
    [
        new IntentFilter(journal, stop),
        new EffectFilter(),
        new TimingFilter(time, loggers.CreateLogger<TimingFilter>()),
        new OutputBoundsFilter(),
        new FailureFilter(loggers.CreateLogger<FailureFilter>()),
    ];
}
