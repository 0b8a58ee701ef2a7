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
    /// <param name="wanted">The resources of the agent's container in the refused pod.</param>
    public static long? CapIn(string sentence, V1ResourceRequirements wanted)
    {
        var limit = MemoryQuantity.Bytes(wanted.Limits["memory"].ToString());
        var request = MemoryQuantity.Bytes(wanted.Requests["memory"].ToString());
        var ofLimits = Caps(LimitRange().Matches(sentence).Concat(Quota().Matches(sentence)), limit);

        // The request grows with the limit, so a cap of the one is a cap of the other.
        var ofRequests = Caps(RequestQuota().Matches(sentence), request)
            .Select(cap => (long)((decimal)cap * limit / request) / MemoryQuantity.Mebibyte * MemoryQuantity.Mebibyte);
        var caps = ofLimits.Concat(ofRequests).Where(cap => cap > 0).ToList();
        return caps.Count == 0 ? null : caps.Min();
    }

    /// <summary>What other containers of the pod ask for, those that were injected into it too, is not available to the agent.</summary>
    private static IEnumerable<long> Caps(IEnumerable<Match> matches, long bytes) => matches
        .Select(match => Bytes(match.Groups["max"]) - (Bytes(match.Groups["asked"]) - bytes))
        .Where(cap => cap > 0 && cap < bytes);

    private static long Bytes(Group quantity) => (long)Math.Min(new ResourceQuantity(quantity.Value).ToDecimal(), long.MaxValue / 4);

    /// <summary>As in <c>maximum memory usage per Container is 1Gi, but limit is 1536Mi</c>.</summary>
    [GeneratedRegex($@"maximum memory usage per \w+ is (?<max>{Quantity}), but limit is (?<asked>{Quantity})")]
    private static partial Regex LimitRange();

    /// <summary>As in <c>requested: limits.memory=1536Mi, used: limits.memory=0, limited: limits.memory=1Gi</c>.</summary>
    [GeneratedRegex($@"requested: \S*?limits\.memory=(?<asked>{Quantity})\S* used: \S+ limited: \S*?limits\.memory=(?<max>{Quantity})")]
    private static partial Regex Quota();

    /// <summary>
    /// As in <c>requested: requests.memory=1536Mi, used: requests.memory=0, limited: requests.memory=1Gi</c>; older name: <c>memory</c>.
    /// </summary>
    [GeneratedRegex(
        $@"requested: (?:\S*,)?(?<name>requests\.memory|memory)=(?<asked>{Quantity})\S* "
        + $@"used: \S+ limited: (?:\S*,)?\k<name>=(?<max>{Quantity})")]
    private static partial Regex RequestQuota();
}
