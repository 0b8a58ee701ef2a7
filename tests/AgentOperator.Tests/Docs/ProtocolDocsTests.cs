using System.Reflection;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Docs;

/// <summary>The protocol's documents name everything that the code has.</summary>
[TestFixture]
internal sealed class ProtocolDocsTests
{
    [TestCaseSource(nameof(Names))]
    public void Documents_NameEveryPathCodeAndKind(string document, string name) =>
        Assert.That(Repository.Read($"docs/{document}"), Does.Contain(name));

    [Test]
    public void Protocol_NamesEveryReasonThatEndsARun() => Assert.Multiple(() =>
    {
        var sentence = Repository.Read("docs/protocol.md").Split("`reason` is one of `Completed`")[1].Split("Any other")[0];
        foreach (var reason in Constants(typeof(TerminationReasons)).Where(reason => reason != TerminationReasons.Completed))
        {
            Assert.That(
                sentence.Contains($"`{reason}`", StringComparison.Ordinal), Is.EqualTo(TerminationReasons.EndsRun(reason)),
                $"{reason}: decide whether a runner may end the run for it, and say so");
        }
    });

    private static IEnumerable<string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(constant => constant.IsLiteral).Select(constant => (string)constant.GetRawConstantValue()!);

    private static IEnumerable<TestCaseData> Names() =>
        from type in new[] { typeof(Routes), typeof(ErrorCodes), typeof(RecordKinds) }
        from name in Constants(type)
        from document in new[] { "protocol.md", "openapi.yaml" }
        where type != typeof(RecordKinds) || document == "openapi.yaml"
        select new TestCaseData(document, name);
}
