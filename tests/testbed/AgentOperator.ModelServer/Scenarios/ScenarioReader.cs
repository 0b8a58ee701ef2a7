using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentOperator.ModelServer.Scenarios;

/// <summary>Turns a scenario's YAML into a checked <see cref="Scenario"/>.</summary>
internal static class ScenarioReader
{
    /// <summary>Reads one scenario.</summary>
    /// <exception cref="ScenarioFormatException">
    /// The text is no YAML, has an unknown property, or breaks a rule of <see cref="ScenarioValidator"/>.
    /// </exception>
    public static Scenario Read(string name, string yaml)
    {
        Scenario? scenario;
        try
        {
            // A deserializer is not safe to share between threads.
            scenario = new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .WithEnumNamingConvention(CamelCaseNamingConvention.Instance)
                .WithTypeConverter(new ToolArgumentsConverter())
                .WithTypeMapping<IReadOnlyList<ScenarioStep>, List<ScenarioStep>>()
                .WithTypeMapping<IReadOnlyList<ScenarioToolCall>, List<ScenarioToolCall>>()
                .WithTypeMapping<IReadOnlyList<ScenarioFault>, List<ScenarioFault>>()
                .WithTypeMapping<IReadOnlyList<StepQuirk>, List<StepQuirk>>()
                .WithDuplicateKeyChecking()
                .Build()
                .Deserialize<Scenario?>(yaml);
        }
        catch (YamlException error)
        {
            throw new ScenarioFormatException($"Scenario '{name}', line {error.Start.Line}: {error.GetBaseException().Message}", error);
        }

        if (scenario is null)
            throw new ScenarioFormatException($"Scenario '{name}' is empty.");
        ScenarioValidator.Validate(name, scenario);
        return scenario;
    }
}
