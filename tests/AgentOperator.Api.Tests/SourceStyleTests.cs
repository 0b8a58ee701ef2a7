using System.Globalization;

namespace AgentOperator.Api.Tests;

/// <summary>The rule in .editorconfig that no compiler enforces.</summary>
public sealed class SourceStyleTests
{
    private static readonly string[] Folders = ["operator", "runner", "tests"];

    [Test]
    public void Lines_OfAllSourceFiles_AreWithinMaxLineLength()
    {
        var max = MaxLineLength();
        Assert.That(SourceFiles().SelectMany(file => LongLines(file, max)), Is.Empty);
    }

    private static int MaxLineLength()
    {
        const string Setting = "max_line_length = ";
        var line = File.ReadLines(Repository.PathOf(".editorconfig")).Single(line => line.StartsWith(Setting, StringComparison.Ordinal));
        return int.Parse(line[Setting.Length..], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> SourceFiles() =>
        from folder in Folders
        from file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        where !Path.GetRelativePath(Repository.PathOf("."), file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        select file;

    /// <summary>Whether a line holds a document, such as JSON or an error as it goes over the wire: breaking it would change it.</summary>
    private static bool IsDocument(string line) =>
        line.Contains("\"\"\"", StringComparison.Ordinal) || line.Contains("\\\"", StringComparison.Ordinal)
        || line.TrimStart().StartsWith("{\"", StringComparison.Ordinal) || line.TrimStart().StartsWith("\"tool_calls\":", StringComparison.Ordinal);

    private static IEnumerable<string> LongLines(string file, int max) =>
        from line in File.ReadLines(file).Index()
        where line.Item.Length > max && !IsDocument(line.Item)
        select string.Create(
            CultureInfo.InvariantCulture, $"{Path.GetRelativePath(Repository.PathOf("."), file)}:{line.Index + 1}: {line.Item.Length} characters");
}
