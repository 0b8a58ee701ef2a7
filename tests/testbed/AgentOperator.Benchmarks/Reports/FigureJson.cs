using System.Text.Json.Serialization;

namespace AgentOperator.Benchmarks.Reports;

/// <summary>JSON of a run's figures.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, WriteIndented = true)]
[JsonSerializable(typeof(FigureSet))]
internal sealed partial class FigureJson : JsonSerializerContext;
