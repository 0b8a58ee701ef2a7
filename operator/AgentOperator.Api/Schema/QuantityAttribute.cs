namespace AgentOperator.Api.Schema;

/// <summary>The string is a Kubernetes quantity such as <c>500m</c> or <c>512Mi</c>. Plain numbers are accepted too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuantityAttribute : Attribute
{
    /// <summary>A positive decimal number with an optional suffix.</summary>
    public const string Pattern = @"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$";

    /// <summary>The maximum length of a quantity, in characters.</summary>
    public const int MaxLength = 32;
}
