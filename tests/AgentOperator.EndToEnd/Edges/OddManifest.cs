namespace AgentOperator.EndToEnd.Edges;

/// <summary>A document of <c>tests/manifests/odd</c>.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Text">The document, with its placeholders.</param>
/// <param name="Expected">What is expected, in the words of <see cref="Expectation"/>: one of them. Empty if others only need the object.</param>
internal sealed record OddManifest(string File, string Text, IReadOnlyList<string> Expected)
{
    private const string Folder = "tests/manifests/odd";
    private const string Mark = "# expect: ";

    /// <summary>All documents, in the order in which they are created.</summary>
    public static IReadOnlyList<OddManifest> ReadAll() => [.. Repository.Files(Folder, "*.yaml").SelectMany(Read)];

    private static IEnumerable<OddManifest> Read(string file) =>
        from document in System.IO.File.ReadAllText(file).Split("\n---\n")
        let lines = document.Split('\n')
        let expected = lines.Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..].Trim())
        select new OddManifest(Path.GetFileName(file), string.Join('\n', lines.SkipWhile(line => line.StartsWith('#'))), [.. expected]);
}
