using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits for the backoff after the last attempt.</summary>
internal sealed class BackoffGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Recovering;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts)
    {
        if (Backoff.Of(snapshot.Status) is not { } next || next <= snapshot.Now)
        {
            return null;
        }

        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"Attempt {attempts.Number} ended with {attempts.Current?.Outcome}; the next one starts at {next:yyyy-MM-dd'T'HH:mm:ss'Z'}.");
        return new Blocker(Reasons.BackingOff, message, next);
    }
}
