using AgentOperator.ModelServer.Persistence;

namespace AgentOperator.ModelServer.Effects;

/// <summary>What tools did to the outside world, each time they did it: the proof that nothing happened twice.</summary>
public sealed class EffectLedger : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<Effect> effects = [];
    private readonly JsonLinesFile<Effect>? file;
    private readonly TimeProvider time;
    private long lastNumber;
    private TaskCompletionSource appended = NewSignal();

    internal EffectLedger(string? path, TimeProvider time)
    {
        this.time = time;
        if (path is null)
            return;
        file = new JsonLinesFile<Effect>(path, ModelServerJsonContext.Default.Effect);
        effects.AddRange(file.Loaded);
        lastNumber = effects.Count == 0 ? 0 : effects.Max(effect => effect.Number);
    }

    /// <summary>The effects, oldest first, of one name and one run when they are given.</summary>
    public EffectList List(string? name = null, string? run = null)
    {
        lock (gate)
            return EffectList.Of([.. effects.Where(effect => (name is null || effect.Name == name) && (run is null || effect.Run == run))]);
    }

    /// <summary>Waits until there is an effect of a name and a key.</summary>
    public async Task WaitAsync(string name, string key, CancellationToken ct)
    {
        while (true)
        {
            Task signal;
            lock (gate)
            {
                if (effects.Any(effect => effect.Name == name && effect.Key == key))
                    return;
                signal = appended.Task;
            }

            await signal.WaitAsync(ct);
        }
    }

    /// <summary>Forgets all effects, also in the file; numbers go on.</summary>
    public void Clear()
    {
        lock (gate)
        {
            effects.Clear();
            file?.Clear();
        }
    }

    public void Dispose() => file?.Dispose();

    internal Effect Append(string name, string? key, string? run, string? note)
    {
        lock (gate)
        {
            var effect = new Effect { Number = ++lastNumber, Time = time.GetUtcNow(), Name = name, Key = key, Run = run, Note = note };
            file?.Append(effect);
            effects.Add(effect);
            appended.TrySetResult();
            appended = NewSignal();
            return effect;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
