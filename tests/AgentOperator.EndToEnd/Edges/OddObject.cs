namespace AgentOperator.EndToEnd.Edges;

/// <summary>An odd manifest that was sent to the API server.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Kind">The object's kind.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Uid">The object's UID; null if it was refused.</param>
/// <param name="Refusal">What the server said; null if it took it.</param>
internal sealed record OddObject(OddManifest Manifest, string Kind, string Name, string? Uid, string? Refusal)
{
    public IReadOnlyList<Expectation> Expected { get; } = [.. Manifest.Expected.Select(Expectation.Parse)];

    /// <summary>The beginning of a sentence that says what became of it.</summary>
    public override string ToString() => $"{Manifest.File}, {Kind} {Name}: expected '{string.Join("' or '", Manifest.Expected)}', but it";
}
