using System.Text.Json.Nodes;
using AgentOperator.CrdGenerator;

namespace AgentOperator.Api.Tests.Schema;

public sealed class CrdSchemaTests
{
    private static readonly JsonObject Run = Definition("agentruns");

    [TestCase("agentruns", "arun", "agents")]
    [TestCase("modelendpoints", "mep", "agents")]
    [TestCase("journalsegments", "jseg", null)]
    public void Names_AreThoseThatPeopleType(string plural, string shortName, string? category)
    {
        var names = Definition(plural)["spec"]!["names"]!;

        Assert.Multiple(() =>
        {
            Assert.That(names["shortNames"]![0]!.GetValue<string>(), Is.EqualTo(shortName));
            Assert.That(names["categories"]?[0]!.GetValue<string>(), Is.EqualTo(category));
        });
    }

    [Test]
    public void Columns_OfAgentRun_AreThoseOfTheDesign()
    {
        var columns = Version(Run)["additionalPrinterColumns"]!.AsArray();

        Assert.Multiple(() =>
        {
            Assert.That(
                columns.Where(column => column!["priority"] is null).Select(Name),
                Is.EqualTo(new[] { "Phase", "Reason", "Attempt", "Step", "Last-Exit", "Tokens", "Age" }));
            Assert.That(columns.Where(column => column!["priority"] is not null).Select(Name), Is.EqualTo(new[] { "Pod", "Checkpoint", "Model" }));
        });

        static string Name(JsonNode? column) => column!["name"]!.GetValue<string>();
    }

    /// <summary>What <c>kubectl get modelendpoints</c> shows: which providers answer, why others do not, and when they are tried again.</summary>
    [Test]
    public void Columns_OfModelEndpoint_SayWhetherItAnswersAndWhyNot() => Assert.That(
        Version(Definition("modelendpoints"))["additionalPrinterColumns"]!.AsArray()
            .Where(column => column!["priority"] is null)
            .Select(column => (column!["name"]!.GetValue<string>(), column["jsonPath"]!.GetValue<string>())),
        Is.EqualTo(new[]
        {
            ("Available", ".status.conditions[?(@.type=='Available')].status"),
            ("Reason", ".status.conditions[?(@.type=='Available')].reason"),
            ("Since", ".status.conditions[?(@.type=='Available')].lastTransitionTime"),
            ("Retry", ".status.retryAt"),
            ("Age", ".metadata.creationTimestamp"),
        }));

    [Test]
    public void Columns_PointAtFieldsOfTheSchema()
    {
        foreach (var column in Version(Run)["additionalPrinterColumns"]!.AsArray())
        {
            var path = column!["jsonPath"]!.GetValue<string>();
            if (!path.StartsWith(".metadata", StringComparison.Ordinal))
            {
                Assert.That(() => At(path.TrimStart('.').Replace("?(@.type=='Running')", "", StringComparison.Ordinal)), Throws.Nothing, path);
            }
        }
    }

    [Test]
    public void StatusSubresource_OnlyWhereThereIsAStatus()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Version(Run)["subresources"]!["status"], Is.Not.Null);
            Assert.That(Version(Definition("journalsegments"))["subresources"], Is.Null);
            Assert.That(Version(Definition("modelendpoints"))["subresources"]!["status"], Is.Not.Null);
        });
    }

    [TestCase("spec.limits.maxSteps", 100)]
    [TestCase("spec.limits.stepTimeoutSeconds", 300)]
    [TestCase("spec.recovery.maxFailures", 3)]
    [TestCase("spec.recovery.outOfMemory.memoryPercent", 150)]
    public void Default_IsTheInitialiser(string path, int expected) => Assert.That(At(path)["default"]!.GetValue<int>(), Is.EqualTo(expected));

    [TestCase("spec.limits")]
    [TestCase("spec.recovery")]
    [TestCase("spec.recovery.outOfMemory")]
    [TestCase("spec.resources.limits")]
    public void Default_OfAnObject_IsEmpty_SoThatTheOnesInsideApply(string path) =>
        Assert.That(At(path)["default"]!.AsObject(), Is.Empty);

    [Test]
    public void Default_OfTheEffect_IsTheSafeOne() =>
        Assert.That(At("spec.tools")["items"]!["properties"]!["effect"]!["default"]!.GetValue<string>(), Is.EqualTo("Irreversible"));

    [Test]
    public void Default_OfEveryScalar_IsInItsDescription()
    {
        foreach (var (path, schema, _) in Walk(At("spec"), "spec").Where(entry => entry.Schema["default"] is JsonValue))
        {
            Assert.That(schema["description"]!.GetValue<string>(), Does.Contain($"Default: {schema["default"]}.").IgnoreCase, path);
        }
    }

    [Test]
    public void Status_HasNoDefaults_BecauseNobodyObservedThem() =>
        Assert.That(Walk(At("status"), "status").Where(entry => entry.Schema["default"] is not null), Is.Empty);

    [Test]
    public void Fields_AreAllDescribed()
    {
        foreach (var plural in new[] { "agentruns", "modelendpoints", "journalsegments" })
        {
            var spec = Version(Definition(plural))["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject();
            Assert.That(
                Walk(spec, plural).Where(entry => !entry.IsItem && entry.Schema["description"] is null).Select(entry => entry.Path), Is.Empty);
        }
    }

    /// <summary>The API server refuses a definition whose rules might cost too much, and only bounds tell it that they do not.</summary>
    [Test]
    public void StringsListsAndMaps_AreBounded()
    {
        foreach (var (path, schema, _) in Walk(At("spec"), "spec").Concat(Walk(At("status"), "status")))
        {
            var bounded = schema["type"]?.GetValue<string>() switch
            {
                "string" => schema["maxLength"] is not null || schema["enum"] is not null || schema["format"] is not null,
                "array" => schema["maxItems"] is not null,
                "object" => schema["properties"] is not null || schema["maxProperties"] is not null
                    || schema["x-kubernetes-preserve-unknown-fields"] is not null,
                _ => true,
            };
            Assert.That(bounded, path);
        }
    }

    [TestCase("task")]
    [TestCase("taskFrom")]
    [TestCase("instructions")]
    [TestCase("tools")]
    public void ImmutableRule_OfAnOptionalField_IsItsParents(string field) =>
        Assert.That(
            Rules(At("spec")),
            Has.Some.EqualTo($"has(self.{field}) == has(oldSelf.{field}) && (!has(self.{field}) || self.{field} == oldSelf.{field})"));

    [TestCase("spec.model.endpointRef")]
    [TestCase("spec.model.name")]
    [TestCase("spec.resources")]
    [TestCase("spec.sandbox")]
    [TestCase("spec.runner")]
    [TestCase("spec.recovery.maxFailures")]
    [TestCase("spec.recovery.outOfMemory.memoryPercent")]
    public void ImmutableRule_OfAFieldThatIsAlwaysThere_IsItsOwn(string path) => Assert.That(Rules(At(path)), Has.Some.EqualTo("self == oldSelf"));

    [TestCase("spec.model")]
    [TestCase("spec.model.parameters")]
    [TestCase("spec.suspend")]
    [TestCase("spec.ttlSecondsAfterFinished")]
    [TestCase("spec.podTemplate")]
    [TestCase("spec.limits")]
    [TestCase("spec.recovery")]
    [TestCase("spec.recovery.outOfMemory.maxMemory")]
    public void ImmutableRule_OfAFieldThatMayChange_IsNone(string path) => Assert.That(Rules(At(path)), Has.None.EqualTo("self == oldSelf"));

    [Test]
    public void OnlyUpRules_CoverEveryLimitThatCannotBeLowered()
    {
        var limits = At("spec.limits");
        var own = limits["properties"]!.AsObject().Where(entry => Rules(entry.Value!.AsObject()).Contains("self >= oldSelf"))
            .Select(entry => entry.Key);
        var parents = Rules(limits).Where(rule => rule.Contains(">=", StringComparison.Ordinal)).Select(rule => rule.Split("self.")[1].Split(')')[0]);

        Assert.That(own.Concat(parents), Is.EquivalentTo(limits["properties"]!.AsObject().Select(entry => entry.Key).Except(["maxContextBytes"])));
    }

    [Test]
    public void Rules_AreKeptBesideTransitionRules() =>
        Assert.That(Rules(At("spec")), Has.Some.EqualTo("has(self.task) != has(self.taskFrom)"));

    [Test]
    public void Name_FitsIntoThePodsNames()
    {
        var name = Version(Run)["schema"]!["openAPIV3Schema"]!["properties"]!["metadata"]!["properties"]!["name"]!;

        Assert.That(name["maxLength"]!.GetValue<int>() + "-2147483647".Length, Is.LessThanOrEqualTo(63));
    }

    [Test]
    public void PartsOfPods_ArePassedOnAsTheyAre()
    {
        var spec = At("spec.podTemplate.spec")["properties"]!;

        Assert.That(spec["affinity"]!["x-kubernetes-preserve-unknown-fields"]!.GetValue<bool>());
        Assert.That(spec["topologySpreadConstraints"]!["items"]!["x-kubernetes-preserve-unknown-fields"]!.GetValue<bool>());
    }

    [Test]
    public void Quantities_TakeNumbersToo() => Assert.That(At("spec.resources.limits.cpu")["x-kubernetes-int-or-string"]!.GetValue<bool>());

    /// <summary>The API server would drop what a schema does not name.</summary>
    [Test]
    public void Parameters_KeepWhatIsInThem() =>
        Assert.That(At("spec.model.parameters")["x-kubernetes-preserve-unknown-fields"]!.GetValue<bool>());

    [Test]
    public void ListMaps_RefuseDuplicates() =>
        Assert.That(At("spec.tools")["x-kubernetes-list-map-keys"]![0]!.GetValue<string>(), Is.EqualTo("name"));

    private static JsonObject Definition(string plural) =>
        Manifests.Parse(CrdFiles.Create().First(file => file.Path == $"crds/agentoperator.dev_{plural}.yaml").Text).Single();

    private static JsonNode Version(JsonObject definition) => definition["spec"]!["versions"]![0]!;

    private static JsonObject At(string path) => path.Split('.').Aggregate(
        Version(Run)["schema"]!["openAPIV3Schema"]!.AsObject(),
        (schema, name) => Named(schema, name) ?? throw new KeyNotFoundException($"{path}: no {name}"));

    /// <summary>The schema of a field, or of a list's items that a filter in brackets selects.</summary>
    private static JsonObject? Named(JsonObject schema, string name) => name.Split('[') is [var list, _]
        ? schema["properties"]?[list]?["items"]?.AsObject()
        : schema["properties"]?[name]?.AsObject();

    private static List<string> Rules(JsonObject schema) =>
        [.. (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => rule!["rule"]!.GetValue<string>())];

    private static IEnumerable<(string Path, JsonObject Schema, bool IsItem)> Walk(JsonObject schema, string path, bool isItem = false)
    {
        var properties = schema["properties"]?.AsObject().SelectMany(entry => Walk(entry.Value!.AsObject(), $"{path}.{entry.Key}")) ?? [];
        var items = schema["items"] is JsonObject item ? Walk(item, $"{path}[]", isItem: true) : [];
        var values = schema["additionalProperties"] is JsonObject value ? Walk(value, $"{path}[*]", isItem: true) : [];
        return [(path, schema, isItem), .. properties, .. items, .. values];
    }
}
