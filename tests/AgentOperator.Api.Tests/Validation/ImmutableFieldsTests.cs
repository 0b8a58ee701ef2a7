using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Api.Schema;
using AgentOperator.CrdGenerator;

namespace AgentOperator.Api.Tests.Validation;

/// <summary>
/// Every field that cannot change, and every object that holds one, found by reflection: left out, null or at its default in place of what a run was
/// accepted with.
/// </summary>
public sealed class ImmutableFieldsTests
{
    /// <summary>The values of fields that full-run.yaml cannot have beside its others.</summary>
    private static readonly Dictionary<string, string> Others = new() { ["spec.task"] = "\"Say hello.\"", ["spec.taskFrom"] = "null" };

    public static IEnumerable<TestCaseData> Cases() =>
        from field in Fields(typeof(AgentRunSpec), "spec")
        where !field.Property.IsRequired
        from how in (How[])[How.LeftOut, How.Null, How.Default]
        where how != How.Null || !IsNumber(field)
        select new TestCaseData(field, how).SetArgDisplayNames(field.Path, how.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Compare_FieldIsReset_IsRefusedOrWhatTheDefaultAllows(Field field, How how)
    {
        var (old, changed) = Documents(field);
        Reset(changed, field, how);
        var violations = AgentRunImmutability.Compare(Read(old), Read(changed)).Select(violation => violation.Field).ToList();

        Assert.That(violations, IsGrowth(field, old) ? Is.Empty : Is.Not.Empty);
        Assert.That(violations, Is.All.StartsWith(field.Path));
    }

    [TestCaseSource(nameof(Cases))]
    public void TakeBack_FieldIsReset_IsWhatItWasBefore(Field field, How how)
    {
        var (old, changed) = Documents(field);
        Reset(changed, field, how);

        var restored = AgentRunImmutability.TakeBack(Read(old), Read(changed));

        Assert.That(AgentRunImmutability.Compare(Read(old), restored), Is.Empty);
        Assert.That(
            JsonSerializer.Serialize(restored.Model, ApiJson.Options), Is.EqualTo(JsonSerializer.Serialize(Read(old).Model, ApiJson.Options)));
        Assert.That((restored.Suspend, restored.TtlSecondsAfterFinished), Is.EqualTo((true, 60)), "what may change is as it is now");
    }

    [TestCaseSource(nameof(Cases))]
    public void Compare_FieldWasAtItsDefault_MayBeLeftOut(Field field, How how)
    {
        var (old, _) = Documents(field);
        Reset(old, field, How.Default);
        var changed = (JsonObject)old.DeepClone();
        Reset(changed, field, how);

        Assert.That(AgentRunImmutability.Compare(Read(old), Read(changed)), Is.Empty);
    }

    [TestCaseSource(nameof(Cases))]
    public void Definition_FieldThatCanBeRemoved_HasARuleAtItsParent(Field field, How how)
    {
        _ = how;
        var definition = Manifests.Parse(CrdFiles.Create().First(file => file.Path == "crds/agentoperator.dev_agentruns.yaml").Text).Single();
        var parent = definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
        foreach (var name in field.Path.Split('.')[..^1])
        {
            parent = parent["properties"]![name]!;
        }

        var rules = (parent["x-kubernetes-validations"] as JsonArray ?? []).Select(rule => rule!["rule"]!.GetValue<string>());
        Assert.That(
            rules.Any(
                rule => rule.Contains($"has(self.{field.Name})", StringComparison.Ordinal) && rule.Contains("oldSelf", StringComparison.Ordinal)));
    }

    /// <summary>A server refuses null for a number; for an object it fills in the default.</summary>
    private static bool IsNumber(Field field) =>
        field.Property.PropertyType.IsValueType && Nullable.GetUnderlyingType(field.Property.PropertyType) is null;

    /// <summary>A limit that is lifted, or falls back to a higher default, is raised.</summary>
    private static bool IsGrowth(Field field, JsonObject old)
    {
        if (field.Property.AttributeProvider!.IsDefined(typeof(OnlyUpAttribute), inherit: false))
        {
            var (before, after) = (Value(old, field.Path), JsonSerializer.SerializeToNode(field.Default, ApiJson.Options));
            return after is null || before!.GetValue<long>() <= after.GetValue<long>();
        }

        return field.Path == "spec.limits";
    }

    private static (JsonObject Old, JsonObject Changed) Documents(Field field)
    {
        var run = Manifests.Read<AgentRun>(Repository.Read("tests/AgentOperator.Api.Tests/Json/full-run.yaml"));
        var spec = JsonSerializer.SerializeToNode(run.Spec, ApiJson.Options)!.AsObject();
        if (field.Path == "spec.task")
        {
            foreach (var (path, value) in Others)
            {
                spec[path.Split('.')[1]] = JsonNode.Parse(value);
            }
        }

        var old = new JsonObject { ["spec"] = spec };
        Assert.That(
            JsonNode.DeepEquals(Value(old, field.Path), JsonSerializer.SerializeToNode(field.Default, ApiJson.Options)), Is.False,
            $"{field.Path} is at its default in full-run.yaml");
        return (old, (JsonObject)old.DeepClone());
    }

    private static void Reset(JsonObject document, Field field, How how)
    {
        var parent = Value(document, field.Path[..field.Path.LastIndexOf('.')])!.AsObject();
        parent.Remove(field.Name);
        if (how != How.LeftOut)
        {
            parent[field.Name] = how == How.Null ? null : JsonSerializer.SerializeToNode(field.Default, ApiJson.Options);
        }
    }

    private static JsonNode? Value(JsonObject document, string path) => path.Split('.').Aggregate((JsonNode?)document, (node, name) => node?[name]);

    private static AgentRunSpec Read(JsonObject document) => document["spec"].Deserialize<AgentRunSpec>(ApiJson.Options)!;

    private static IEnumerable<Field> Fields(Type type, string path)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in ApiJson.Options.GetTypeInfo(type).Properties)
        {
            var field = new Field($"{path}.{property.Name}", property, property.Get!(defaults));
            var isFixed = property.AttributeProvider!.IsDefined(typeof(ImmutableAttribute), inherit: false)
                || property.AttributeProvider.IsDefined(typeof(OnlyUpAttribute), inherit: false);
            var inner = !isFixed && ApiJson.Options.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.Object
                ? Fields(property.PropertyType, field.Path).ToList()
                : [];
            if (isFixed || inner.Count > 0)
            {
                yield return field;
            }

            foreach (var below in inner)
            {
                yield return below;
            }
        }
    }

    /// <summary>How a field is taken out of a spec.</summary>
    public enum How
    {
        /// <summary>It is not written.</summary>
        LeftOut,

        /// <summary>It is null.</summary>
        Null,

        /// <summary>Its default is written.</summary>
        Default,
    }

    /// <summary>A field that cannot change, or that holds one.</summary>
    public sealed record Field(string Path, JsonPropertyInfo Property, object? Default)
    {
        public string Name => Property.Name;
    }
}
