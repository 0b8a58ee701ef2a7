using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits for the backoff after the last attempt. If something has to be mended meanwhile, the run waits for that.</summary>
internal sealed class BackoffGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => MendableEnd.ReasonOf(attempts.Current) is null ? Phases.Recovering : Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts)
    {
        if (Backoff.Of(snapshot.Status) is not { } next || next <= snapshot.Now || MendableEnd.IsSpecNewer(snapshot, attempts.Current))
        {
            return null;
        }

        var at = next.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var (reason, message) = MendableEnd.ReasonOf(attempts.Current) is { } mendable
            ? (mendable, $"{attempts.Current!.Message} Tried again at {at}.")
            : (Reasons.BackingOff, $"Attempt {attempts.Number} ended with {attempts.Current?.Outcome}; the next one starts at {at}.");
        return new Blocker(reason, message, next) { NextAttemptAt = next };
    }
}
