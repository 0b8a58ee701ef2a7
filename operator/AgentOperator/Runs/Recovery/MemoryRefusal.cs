using System.Text.RegularExpressions;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>The API server's refusal of a pod whose memory limit is above what the namespace's LimitRange or quota ever allows.</summary>
/// <param name="Cap">The largest memory limit of the agent's container that the namespace allows, in bytes.</param>
/// <param name="Sentence">The API server's sentence.</param>
/// <param name="RetryAt">When to ask again for more. Neither LimitRanges nor quotas are watched.</param>
internal sealed partial record MemoryRefusal(long Cap, string Sentence, DateTimeOffset RetryAt)
{
    private const string Quantity = @"\d{1,15}(?:\.\d{1,9})?(?:[KMGT]i|[kMGT])?(?!\w)";

    /// <summary>
    /// The cap that a refusal names; null if it names none below the wanted limit. A quota that other pods use up at the moment is no cap.
    /// </summary>
    /// <param name="sentence">The API server's sentence.</param>
    /// <param name="wanted">The memory limit of the agent's container in the refused pod.</param>
    public static long? CapIn(string sentence, string wanted)
    {
        // What other containers of the pod ask for, those that were injected into it too, is not available to the agent.
        var bytes = MemoryQuantity.Bytes(wanted);
        var caps = LimitRange().Matches(sentence).Concat(Quota().Matches(sentence))
            .Select(match => Bytes(match.Groups["max"]) - (Bytes(match.Groups["asked"]) - bytes))
            .Where(cap => cap > 0 && cap < bytes).ToList();
        return caps.Count == 0 ? null : caps.Min();
    }

    private static long Bytes(Group quantity) => (long)Math.Min(new ResourceQuantity(quantity.Value).ToDecimal(), long.MaxValue / 4);

    /// <summary>As in <c>maximum memory usage per Container is 1Gi, but limit is 1536Mi</c>.</summary>
    [GeneratedRegex($@"maximum memory usage per \w+ is (?<max>{Quantity}), but limit is (?<asked>{Quantity})")]
    private static partial Regex LimitRange();

    /// <summary>As in <c>requested: limits.memory=1536Mi, used: limits.memory=0, limited: limits.memory=1Gi</c>.</summary>
    [GeneratedRegex($@"requested: \S*?limits\.memory=(?<asked>{Quantity})\S* used: \S+ limited: \S*?limits\.memory=(?<max>{Quantity})")]
    private static partial Regex Quota();
}
