namespace AgentOperator.Api.Validation;

/// <summary>Requests must not exceed limits, and limits must be large enough for the runner to start.</summary>
internal static class ResourceRules
{
    private const long MinMemory = 32L << 20;
    private const long MinEphemeralStorage = 1L << 20;
    private const string Requests = "spec.resources.requests";
    private const string Limits = "spec.resources.limits";

    public static IEnumerable<FieldViolation> Check(ResourcesSpec resources) =>
    [
        .. AtLeast(resources.Limits.Memory, MinMemory, $"{Limits}.memory", "32Mi, which the runner itself needs"),
        .. AtLeast(resources.Limits.EphemeralStorage, MinEphemeralStorage, $"{Limits}.ephemeral-storage", "1Mi"),
        .. Positive(resources.Limits.Cpu, $"{Limits}.cpu"),
        .. Within(resources.Requests.Cpu, resources.Limits.Cpu, "cpu"),
        .. Within(resources.Requests.Memory, resources.Limits.Memory, "memory"),
        .. Within(resources.Requests.EphemeralStorage, resources.Limits.EphemeralStorage, "ephemeral-storage"),
    ];

    private static IEnumerable<FieldViolation> AtLeast(string quantity, long minimum, string path, string what)
    {
        if (Quantity.TryParse(quantity, out var value) && value < minimum)
        {
            yield return new FieldViolation(path, $"must be at least {what}, but is {quantity}");
        }
    }

    private static IEnumerable<FieldViolation> Positive(string? quantity, string path)
    {
        if (Quantity.TryParse(quantity, out var value) && value <= 0)
        {
            yield return new FieldViolation(path, "must be more than 0");
        }
    }

    private static IEnumerable<FieldViolation> Within(string? request, string? limit, string resource)
    {
        if (Quantity.TryParse(request, out var requested) && Quantity.TryParse(limit, out var allowed) && requested > allowed)
        {
            yield return new FieldViolation($"{Requests}.{resource}", $"must not exceed the limit of {limit}, but is {request}");
        }
    }
}
