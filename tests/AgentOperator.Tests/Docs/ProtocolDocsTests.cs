using System.Reflection;
using System.Text.RegularExpressions;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Docs;

/// <summary>The protocol's documents name everything that the code has, and nothing else.</summary>
[TestFixture]
internal sealed partial class ProtocolDocsTests
{
    private static readonly string Text = Repository.Read("docs/protocol.md");

    [TestCaseSource(nameof(Names))]
    public void Documents_NameEveryPathCodeAndKind(string document, string name) =>
        Assert.That(Repository.Read($"docs/{document}"), Does.Contain(name));

    [Test]
    public void Errors_TableHasEveryCodeWithItsStatus()
    {
        var source = Repository.Read("operator/AgentOperator.Protocol/ErrorCodes.cs").Split("public const string ");
        var statuses = source.Skip(1).Select((text, index) => (Code: text.Split(' ')[0], Status: Status().Match(source[index]).Value));

        Assert.That(
            MarkdownTable.Rows(Text, "| status | code | send again? | what to do |").Select(row => (Code: row[1], Status: row[0])),
            Is.EquivalentTo(statuses));
    }

    [Test]
    public void Kinds_TableHasEveryKindAndItsWriter()
    {
        var rows = MarkdownTable.Rows(Text, "| kind | written by | meaning |");

        Assert.That(rows.Select(row => row[0]), Is.EquivalentTo(Constants(typeof(RecordKinds))));
        Assert.That(rows.Where(row => row[1] == "runner").Select(row => row[0]), Is.EquivalentTo(
            Constants(typeof(RecordKinds)).Where(RecordKinds.IsAppendableByRunner)));
    }

    [Test]
    public void Reasons_TableHasEveryReasonAndWhetherItEndsARun() => Assert.That(
        MarkdownTable.Rows(Text, "| reason | ends the run | meaning |").Select(row => (row[0], row[1] == "yes")),
        Is.EquivalentTo(Constants(typeof(TerminationReasons)).Select(reason => (reason, TerminationReasons.EndsRun(reason)))));

    [Test]
    public void ExitCodes_TablesHaveEveryCodeAndEveryReason()
    {
        var codes = typeof(RunnerExitCodes).GetFields().Select(code => code.GetRawConstantValue()!.ToString());
        var outcomes = MarkdownTable.Rows(Text, "| what happened | result to post first | exit code | reason of the report |");

        Assert.That(
            MarkdownTable.Rows(Text, "| code | meaning | what the operator does |").Select(row => row[0]), Is.EquivalentTo(codes));
        Assert.That(outcomes.Select(row => row[2]).Distinct(), Is.EquivalentTo(codes));
        Assert.That(
            outcomes.Select(row => row[3].Split('`', StringSplitOptions.RemoveEmptyEntries)[0]),
            Is.EquivalentTo(Constants(typeof(TerminationReasons))));
        Assert.That(
            outcomes.Where(row => row[1] != "none").Select(row => row[3]),
            Is.EquivalentTo(Constants(typeof(TerminationReasons)).Where(TerminationReasons.EndsRun).Except([TerminationReasons.InvalidSpec])),
            "an end that is posted");
    }

    [Test]
    public void Headers_AreThoseOfTheGateway() => Assert.That(
        ((string[])["| header of the request | meaning |", "| header of the answer | meaning |"])
            .SelectMany(header => MarkdownTable.Rows(Text, header)).Select(row => row[0]),
        Is.EquivalentTo(new[]
        {
            Routes.IdempotencyKeyHeader, Routes.ExpectedSequenceHeader, Routes.RepeatedHeader, Routes.SequenceHeader, Routes.ReplayedHeader,
        }));

    private static IEnumerable<string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(constant => constant.IsLiteral).Select(constant => (string)constant.GetRawConstantValue()!);

    private static IEnumerable<TestCaseData> Names() =>
        from type in new[] { typeof(Routes), typeof(ErrorCodes), typeof(RecordKinds) }
        from name in Constants(type)
        from document in new[] { "protocol.md", "openapi.yaml" }
        select new TestCaseData(document, name);

    [GeneratedRegex(@"\b[45]\d\d(?=:)", RegexOptions.RightToLeft)]
    private static partial Regex Status();
}
