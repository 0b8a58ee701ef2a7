using System.Reflection;
using AgentOperator.Api;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Tests.Docs;

/// <summary>The table of outcomes in docs/operations.md is the one that the operator decides by.</summary>
[TestFixture]
internal sealed class OutcomeTableTests
{
    private const string Heading = "## How attempts end";
    private const int KnownByColumn = 1;

    [Test]
    public void Operations_TableOfOutcomes_IsTheOperatorsTable() =>
        Assert.That(Documented(), Is.EquivalentTo(OutcomePolicy.Rows.Select(Line)));

    [Test]
    public void Rows_EveryOutcome_HasAUsualRowAndNoCaseTwice()
    {
        var usual = OutcomePolicy.Rows.Where(row => row.Case == OutcomeCase.Usual).Select(row => row.Outcome);

        var outcomes = typeof(Outcomes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetRawConstantValue());
        Assert.That(usual, Is.EquivalentTo(outcomes));
        Assert.That(OutcomePolicy.Rows.Select(row => (row.Outcome, row.Case)), Is.Unique);
    }

    /// <summary>The document's rows without the column that says how an outcome is known.</summary>
    private static IEnumerable<string> Documented() => Text()[Text().IndexOf(Heading, StringComparison.Ordinal)..].Split('\n')
        .SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToList())
        .Select(cells => string.Join(" | ", cells.Where((_, column) => column != KnownByColumn)));

    private static string Line(OutcomeRow row) => string.Join(
        " | ",
        Name(row),
        Word(row.CostsFailure),
        Word(row.IsDisruption),
        row.MayBeToolCall ? "maybe" : "no",
        Word(row.EndsRun),
        Word(row.Pause),
        Word(row.WhoActs));

    private static string Name(OutcomeRow row) => $"`{row.Outcome}`" + row.Case switch
    {
        OutcomeCase.Usual => "",
        OutcomeCase.OwnLimit => ", over its own disk limit",
        OutcomeCase.MemoryStays => ", `memoryPercent` is 100",
        OutcomeCase.AtMaxMemory => ", at `maxMemory`",
        OutcomeCase.Provider => ", provider",
        OutcomeCase.Diverged or OutcomeCase.JournalBroken or OutcomeCase.NewerRecord => $", `{row.Case}`",
        _ => throw new InvalidOperationException($"{row.Case} has no words"),
    };

    private static string Word(bool value) => value ? "yes" : "no";

    private static string Word(RunEnding ending) => ending switch
    {
        RunEnding.Never => "no",
        RunEnding.WhenCommitted => "when committed",
        RunEnding.Always => "always",
        _ => throw new InvalidOperationException($"{ending} has no words"),
    };

    private static string Word(Pause pause) => pause switch
    {
        Pause.None => "none",
        Pause.AfterSecondInARow => "from the second in a row",
        Pause.WithoutProgress => "unless it got further",
        Pause.Always => "each time",
        Pause.UntilAvailable => "the endpoint's",
        Pause.UntilMended => "15 s at least, longer each time",
        _ => throw new InvalidOperationException($"{pause} has no words"),
    };

    private static string Word(WhoActs who) => who == WhoActs.Person ? "a person" : "nobody";

    private static string Text() => Repository.Read("docs/operations.md");
}
