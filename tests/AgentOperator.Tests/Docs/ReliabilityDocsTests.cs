using System.Text.RegularExpressions;

namespace AgentOperator.Tests.Docs;

/// <summary>Every test that docs/reliability.md names is there.</summary>
[TestFixture]
internal sealed partial class ReliabilityDocsTests
{
    private static readonly Lazy<string> Sources = new(() => string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is var name && (name.EndsWith("Tests.cs", StringComparison.Ordinal) || name.Contains("Contract.")))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText)));

    [TestCaseSource(nameof(NamedTests))]
    public void Reliability_NamedTest_Exists(string name)
    {
        // "Decide_…" names all tests that begin so, "…Restored" all that end so.
        var pattern = string.Join(@"\w*", name.Split('…').Select(Regex.Escape));

        Assert.That(Regex.IsMatch(Sources.Value, $@"\b{pattern}\b"), $"no test is called {name}");
    }

    [TestCaseSource(nameof(Faults))]
    public void Reliability_EveryFault_NamesATest(string fault, string tests) =>
        Assert.That(Name().IsMatch(tests) || tests.Contains("simulation", StringComparison.Ordinal), $"no test for: {fault}");

    /// <summary>The rows of the tables whose last column has invariants.</summary>
    private static IEnumerable<TestCaseData> Faults() => Repository.Read("docs/reliability.md").Split('\n')
        .Select(line => line.Split(" | "))
        .Where(cells => cells is [['|', ' ', ..], _, ['I', >= '0' and <= '9', ..]])
        .Select(cells => new TestCaseData(cells[0][2..], cells[1]).SetArgDisplayNames(cells[0][2..]));

    private static IEnumerable<string> NamedTests() => Name()
        .Matches(Repository.Read("docs/reliability.md"))
        .Select(match => match.Groups[1].Value)
        .Where(name => name.Contains('_', StringComparison.Ordinal) || name.EndsWith("Tests", StringComparison.Ordinal))
        .Distinct();

    [GeneratedRegex("`([A-Za-z0-9_…]+)`")]
    private static partial Regex Name();
}
