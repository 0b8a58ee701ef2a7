namespace AgentOperator.ModelServer.Effects;

/// <summary>Effects with their counts.</summary>
public sealed record EffectList
{
    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>Those whose name and key another effect had before them. An effect without a key is never one.</summary>
    public required int Duplicates { get; init; }

    /// <summary>The effects, oldest first.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    internal static EffectList Of(IReadOnlyList<Effect> effects)
    {
        var keyed = effects.Where(effect => effect.Key is not null).ToList();
        return new EffectList
        {
            Count = effects.Count,
            Duplicates = keyed.Count - keyed.DistinctBy(effect => (effect.Name, effect.Key)).Count(),
            Effects = effects,
        };
    }
}
