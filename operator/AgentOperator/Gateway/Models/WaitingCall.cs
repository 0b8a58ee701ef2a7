using System.Threading.RateLimiting;

namespace AgentOperator.Gateway.Models;

/// <summary>A caller that waits for permits of a <see cref="PerMinuteLimiter"/>.</summary>
internal sealed class WaitingCall : TaskCompletionSource<RateLimitLease>
{
    private CancellationTokenRegistration _registration;

    public WaitingCall(int permits)
    {
        Permits = permits;
        Place = new LinkedListNode<WaitingCall>(this);
    }

    /// <summary>How many it wants.</summary>
    public int Permits { get; }

    /// <summary>Its place in the queue.</summary>
    public LinkedListNode<WaitingCall> Place { get; }

    /// <summary>Ends the wait on cancellation.</summary>
    public void GiveUpWhen(Action<WaitingCall> remove, CancellationToken cancellationToken)
    {
        _registration = cancellationToken.Register(() =>
        {
            remove(this);
            TrySetCanceled(cancellationToken);
        });
        _ = Task.ContinueWith(
            static (_, call) => ((WaitingCall)call!)._registration.Unregister(), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
