using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>A field of a record's payload or of a request, and what its value must be.</summary>
internal sealed record PayloadField
{
    private readonly string _name;
    private readonly Func<JsonElement, string?> _findProblem;

    private PayloadField(string name, Func<JsonElement, string?> findProblem) => (_name, _findProblem) = (name, findProblem);

    /// <summary>Whether the field may be missing.</summary>
    private bool MayBeMissing { get; init; }

    /// <summary>Whether the field may be null.</summary>
    private bool MayBeNull { get; init; }

    public static PayloadField Text(string name) =>
        new(name, value => value.ValueKind == JsonValueKind.String ? null : " must be a string");

    public static PayloadField NonEmptyText(string name) =>
        new(name, value => value.ValueKind == JsonValueKind.String && !value.ValueEquals("") ? null : " must be a string that is not empty");

    public static PayloadField OptionalText(string name) => Text(name) with { MayBeMissing = true, MayBeNull = true };

    /// <summary>One of the enum's names.</summary>
    public static PayloadField OneOf<T>(string name)
        where T : struct, Enum => new(
            name,
            value => value.ValueKind == JsonValueKind.String && Enum.GetNames<T>().Any(known => value.ValueEquals(known))
                ? null
                : $" must be one of {string.Join(", ", Enum.GetNames<T>())}");

    public static PayloadField Count(string name) => new(
        name,
        value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0
            ? null
            : " must be a whole number of at least 0");

    public static PayloadField OptionalCount(string name) => Count(name) with { MayBeMissing = true };

    public static PayloadField Sequence(string name) => new(
        name,
        value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var sequence) && sequence > 0
            ? null
            : " must be a sequence number, from 1");

    public static PayloadField PositiveNumber(string name) => new(
        name,
        value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0
            ? null
            : " must be a whole number above 0");

    public static PayloadField Object(string name, params PayloadField[] fields) => new(name, value => FindProblem(value, fields));

    public static PayloadField OptionalObject(string name) => Object(name) with { MayBeMissing = true, MayBeNull = true };

    /// <summary>A list of objects.</summary>
    public static PayloadField List(string name, params PayloadField[] fields) => new(name, value => FindProblemOfItems(value, fields));

    /// <summary>A list of at least one object.</summary>
    public static PayloadField NonEmptyList(string name, params PayloadField[] fields) => new(
        name,
        value => FindProblemOfItems(value, fields) ?? (value.GetArrayLength() > 0 ? null : " must have at least one item"));

    /// <summary>What is wrong with an object that must have these fields; null when nothing is. Starts where the object's own path ends.</summary>
    public static string? FindProblem(JsonElement value, IReadOnlyList<PayloadField> fields) => value.ValueKind == JsonValueKind.Object
        ? fields.Select(field => field.FindProblemIn(value)).FirstOrDefault(problem => problem is not null)
        : " must be an object";

    private static string? FindProblemOfItems(JsonElement value, IReadOnlyList<PayloadField> fields) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Select((item, index) => FindProblem(item, fields) is { } problem ? $"[{index}]{problem}" : null)
            .FirstOrDefault(problem => problem is not null)
        : " must be a list";

    private string? FindProblemIn(JsonElement owner)
    {
        var problem = !owner.TryGetProperty(_name, out var value) ? MayBeMissing ? null : " is missing"
            : value.ValueKind == JsonValueKind.Null && MayBeNull ? null
            : _findProblem(value);
        return problem is null ? null : $".{_name}{problem}";
    }
}
