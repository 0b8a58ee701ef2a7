using System.Text.RegularExpressions;

namespace AgentOperator.Tests.Docs;

/// <summary>Every fault and every attack in the documents names a test, and every test that they name is there.</summary>
[TestFixture]
internal sealed partial class FaultsAndAttacksDocsTests
{
    private static readonly string[] Documents = ["docs/reliability.md", "docs/security.md"];

    private static readonly Lazy<string> Sources = new(() => string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is var name && (name.EndsWith("Tests.cs", StringComparison.Ordinal) || name.Contains("Contract.")))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText)));

    [TestCaseSource(nameof(NamedTests))]
    public void Documents_NamedTest_Exists(string name)
    {
        // "Decide_…" names all tests that begin so, "…Restored" all that end so.
        var pattern = string.Join(@"\w*", name.Split('…').Select(Regex.Escape));

        Assert.That(Regex.IsMatch(Sources.Value, $@"\b{pattern}\b"), $"no test is called {name}");
    }

    [TestCaseSource(nameof(Rows))]
    public void Documents_EveryFaultOrAttack_NamesATest(string row, string tests) =>
        Assert.That(Name().IsMatch(tests) || tests.Contains("simulation", StringComparison.Ordinal), $"no test for: {row}");

    [TestCaseSource(nameof(Documents))]
    public void Documents_HaveRows(string document) => Assert.That(RowsOf(document), Is.Not.Empty);

    private static IEnumerable<TestCaseData> Rows() => Documents.SelectMany(RowsOf)
        .Select(cells => new TestCaseData(cells[0][2..], cells[^2]).SetArgDisplayNames(cells[0][2..]));

    /// <summary>The rows of the tables whose last column has invariants. The tests are in the column before.</summary>
    private static IEnumerable<string[]> RowsOf(string document) => Repository.Read(document).Split('\n')
        .Select(line => line.Split(" | "))
        .Where(cells => cells is [['|', ' ', ..], .., _, ['I', >= '0' and <= '9', ..]]);

    private static IEnumerable<string> NamedTests() => Documents.SelectMany(document => Name().Matches(Repository.Read(document)))
        .Select(match => match.Groups[1].Value)
        .Where(name => name.Contains('_', StringComparison.Ordinal) || name.EndsWith("Tests", StringComparison.Ordinal))
        .Distinct();

    [GeneratedRegex("`([A-Za-z0-9_…]+)`")]
    private static partial Regex Name();
}
