using System.Threading.Channels;

namespace AgentOperator.ControlRuntime;

/// <summary>The keys of a <see cref="ChannelSource" /> on their way to one controller.</summary>
internal sealed class ChannelFeed : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<ObjectKey> _waiting = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly int _capacity;
    private readonly Action<ObjectKey, bool> _enqueue;
    private readonly Func<IEnumerable<ObjectKey>> _all;
    private readonly Action<ChannelFeed> _ended;
    private bool _overflowed;

    public ChannelFeed(int capacity, Action<ObjectKey, bool> enqueue, Func<IEnumerable<ObjectKey>> all, Action<ChannelFeed> ended)
    {
        (_capacity, _enqueue, _all, _ended) = (capacity, enqueue, all, ended);
        Pumping = Task.Run(PumpAsync);
    }

    /// <summary>Ends when the feed was disposed and no key is on its way any more.</summary>
    internal Task Pumping { get; }

    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            if (_waiting.Count == _capacity && !_waiting.Contains(key))
            {
                _overflowed = true;
            }
            else
            {
                _waiting.Add(key);
            }
        }

        _signal.Writer.TryWrite(true);
    }

    public void Dispose()
    {
        _ended(this);
        _signal.Writer.TryComplete();
    }

    private async Task PumpAsync()
    {
        await foreach (var _ in _signal.Reader.ReadAllAsync())
        {
            foreach (var key in Take())
            {
                _enqueue(key, false);
            }
        }
    }

    private IReadOnlyList<ObjectKey> Take()
    {
        bool overflowed;
        IReadOnlyList<ObjectKey> keys;
        lock (_lock)
        {
            (keys, overflowed, _overflowed) = ([.. _waiting], _overflowed, false);
            _waiting.Clear();
        }

        return overflowed ? [.. keys.Union(_all())] : keys;
    }
}
