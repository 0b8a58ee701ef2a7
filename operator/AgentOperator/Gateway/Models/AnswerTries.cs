using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The tries of a call whose answer may get better. Each answer is paid, whichever is used.</summary>
/// <param name="onUnused">Called with what an answer cost that is not used.</param>
internal sealed class AnswerTries(Action<TokenUsage> onUnused)
{
    private TokenUsage? _last;
    private int _count;

    /// <summary>Another try begins, or none: the answer of the last one is not used.</summary>
    public void Begin()
    {
        if (_last is { } usage)
        {
            onUnused(usage);
        }

        _last = null;
    }

    /// <summary>A try has ended.</summary>
    public void End(ProviderOutcome outcome)
    {
        _last = (outcome as ProviderOutcome.Answered)?.Answer.Usage;
        _count += outcome is ProviderOutcome.Answered { IsWorthAnotherTry: true } ? 1 : 0;
    }

    /// <summary>Whether the last answer is to be taken as it is.</summary>
    /// <param name="maxRetries">How often the endpoint allows to try again.</param>
    public bool AreEnough(int maxRetries) => _count > Math.Min(EndpointStrategies.RetriesOfAnAnswer, maxRetries);
}
