using AgentOperator.ModelServer.Persistence;

namespace AgentOperator.ModelServer.Effects;

/// <summary>What tools did to the outside world, each time they did it: the proof that nothing happened twice.</summary>
public sealed class EffectLedger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Effect> _effects = [];
    private readonly JsonLinesFile<Effect>? _file;
    private readonly TimeProvider _time;
    private long _lastNumber;
    private TaskCompletionSource _appended = NewSignal();

    internal EffectLedger(string? path, TimeProvider time)
    {
        _time = time;
        if (path is null)
            return;
        _file = new JsonLinesFile<Effect>(path, ModelServerJsonContext.Default.Effect);
        _effects.AddRange(_file.Loaded);
        _lastNumber = _effects.Count == 0 ? 0 : _effects.Max(effect => effect.Number);
    }

    /// <summary>The effects, oldest first, of one name and one run when they are given.</summary>
    public EffectList List(string? name = null, string? run = null)
    {
        lock (_gate)
            return EffectList.Of([.. _effects.Where(effect => (name is null || effect.Name == name) && (run is null || effect.Run == run))]);
    }

    /// <summary>Waits until there is an effect of a name and a key.</summary>
    public async Task WaitAsync(string name, string key, CancellationToken ct)
    {
        while (true)
        {
            Task signal;
            lock (_gate)
            {
                if (_effects.Any(effect => effect.Name == name && effect.Key == key))
                    return;
                signal = _appended.Task;
            }

            await signal.WaitAsync(ct);
        }
    }

    /// <summary>Forgets all effects, also in the file; numbers go on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _effects.Clear();
            _file?.Clear();
        }
    }

    public void Dispose() => _file?.Dispose();

    internal Effect Append(string name, string? key, string? run, string? note)
    {
        lock (_gate)
        {
            var effect = new Effect { Number = ++_lastNumber, Time = _time.GetUtcNow(), Name = name, Key = key, Run = run, Note = note };
            _file?.Append(effect);
            _effects.Add(effect);
            _appended.TrySetResult();
            _appended = NewSignal();
            return effect;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
