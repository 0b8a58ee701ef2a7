using System.Globalization;
using AgentOperator.Api;

namespace AgentOperator.Pods;

/// <summary>Names of attempts' pods: deterministic, so that one attempt can never have two pods.</summary>
internal static class PodNames
{
    public static string Of(AgentRun run, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{run.Metadata.Name}-{attempt}");
}
