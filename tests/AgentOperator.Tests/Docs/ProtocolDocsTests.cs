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

    private static IEnumerable<TestCaseData> Names() =>
        from type in new[] { typeof(Routes), typeof(ErrorCodes), typeof(RecordKinds) }
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where field.IsLiteral
        from document in new[] { "protocol.md", "openapi.yaml" }
        where type != typeof(RecordKinds) || document == "openapi.yaml"
        select new TestCaseData(document, (string)field.GetRawConstantValue()!);
}
