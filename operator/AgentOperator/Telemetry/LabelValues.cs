using System.Collections.Frozen;
using System.Reflection;

namespace AgentOperator.Telemetry;

/// <summary>
/// The values that a label can have. What comes from a status, which people can write, is not taken for a label as it is: each text would be a series
/// that Prometheus keeps.
/// </summary>
internal sealed class LabelValues
{
    /// <summary>Stands for all that is not one of the values.</summary>
    public const string Other = "Other";

    private readonly FrozenSet<string> _values;

    private LabelValues(IEnumerable<string> values) => _values = values.ToFrozenSet();

    /// <summary>All values but <see cref="Other"/>.</summary>
    public IEnumerable<string> All => _values;

    /// <summary>The public text constants of some types, such as <see cref="Api.Outcomes"/>.</summary>
    public static LabelValues OfConstants(params Type[] types) => new(types
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!));

    /// <summary>The label for a text.</summary>
    public string Of(string? text) => text is not null && _values.Contains(text) ? text : Other;
}
