using Microsoft.Extensions.Options;

namespace AgentOperator.Gateway.Bodies;

/// <summary>
/// Counts the bytes of the request bodies that the gateway holds, in all and by run, and refuses what is over the limits. A model call holds its body
/// until it ends, whether or not its runner still waits.
/// </summary>
internal sealed class BodyBudget(IOptions<GatewayOptions> options)
{
    private const int RetryAfterSeconds = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _byRun = [];
    private long _held;

    /// <summary>The bytes that are held now.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <summary>An empty share for a body of the run.</summary>
    public BodyShare Open(string runUid) => new(this, runUid);

    /// <summary>Only for <see cref="BodyShare"/>.</summary>
    /// <exception cref="GatewayException">There is no room.</exception>
    public void Take(string runUid, long bytes)
    {
        lock (_lock)
        {
            var ofRun = _byRun.GetValueOrDefault(runUid);
            if (ofRun + bytes > options.Value.MaxRunBodyBytes)
            {
                throw GatewayException.TooManyRequests(
                    $"the run's other requests hold {ofRun} of the {options.Value.MaxRunBodyBytes} bytes that one run may have", RetryAfterSeconds);
            }

            if (_held + bytes > options.Value.MaxBodyBytes)
            {
                throw GatewayException.TooManyRequests("the gateway has no room for the request's body", RetryAfterSeconds);
            }

            _byRun[runUid] = ofRun + bytes;
            _held += bytes;
        }
    }

    /// <summary>Only for <see cref="BodyShare"/>.</summary>
    public void Return(string runUid, long bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
            if ((_byRun[runUid] -= bytes) == 0)
            {
                _byRun.Remove(runUid);
            }
        }
    }
}
