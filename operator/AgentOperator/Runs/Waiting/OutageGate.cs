using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>
/// Waits while the run's ModelEndpoint is unavailable. When the endpoint's time has come, one of its runs goes on and finds out; the endpoint's
/// status wakes the others. It is the last gate before an attempt, so that the run that goes on has nothing else to wait for.
/// </summary>
internal sealed class OutageGate : IGate
{
    /// <summary>How often to check whether this run is the one that tries. The run that was first may have been deleted or suspended.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(15);

    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts)
    {
        if (snapshot.Outage is not { } outage)
        {
            return null;
        }

        if (outage.RetryAt > snapshot.Now)
        {
            var message = string.Create(
                CultureInfo.InvariantCulture, $"{Describe(snapshot, outage)} Tried again at {outage.RetryAt:yyyy-MM-dd'T'HH:mm:ss'Z'}.");
            return new Blocker(outage.Reason, message, outage.RetryAt) { NextAttemptAt = outage.RetryAt };
        }

        return snapshot.IsProbe
            ? null
            : new Blocker(outage.Reason, $"{Describe(snapshot, outage)} Another run is trying it now.", snapshot.Now + Retry);
    }

    /// <summary>What the run waits for, in one or two sentences.</summary>
    public static string Describe(RunSnapshot snapshot, EndpointOutage outage) =>
        $"ModelEndpoint '{snapshot.Spec.Model.EndpointRef.Name}' is unavailable. {outage.Message}";
}
