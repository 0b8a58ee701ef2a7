using YamlDotNet.Serialization;

namespace AgentOperator.CrdGenerator;

/// <summary>Writes dictionaries and lists as YAML.</summary>
internal static class CrdYaml
{
    private const string Header = "# Generated from the C# types by operator/AgentOperator.CrdGenerator. Do not edit.\n";

    public static string Write(object document) =>
        Header + new SerializerBuilder()
            .WithQuotingNecessaryStrings()
            .DisableAliases()
            .WithNewLine("\n")
            .Build()
            .Serialize(document);
}
