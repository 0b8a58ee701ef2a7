namespace AgentOperator.Api.Schema;

/// <summary>The string is a Kubernetes quantity such as <c>500m</c> or <c>512Mi</c>; a plain number is read too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuantityAttribute : Attribute
{
    /// <summary>What a quantity looks like: a positive decimal number with a suffix or none.</summary>
    public const string Pattern = @"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$";

    /// <summary>The longest one, in characters.</summary>
    public const int MaxLength = 32;
}
