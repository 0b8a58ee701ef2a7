using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using YamlDotNet.Serialization;

namespace AgentOperator.Tests.Runs;

/// <summary>A spec with any of its fields null or missing, as a patch may leave it: it is valid or refused, and nothing throws.</summary>
[TestFixture]
internal sealed class AnySpecTests
{
    private static readonly AgentRunSpec Whole = Read(Repository.Read("tests/AgentOperator.Api.Tests/Json/full-run.yaml"));

    private static IEnumerable<string> Paths => PathsIn(JsonSerializer.SerializeToNode(Whole, ApiJson.Options)!).Distinct();

    [TestCaseSource(nameof(Paths))]
    public async Task Reconcile_FieldIsNullOrMissing_NothingThrows(string path)
    {
        foreach (var isNull in (bool[])[true, false])
        {
            if (Without(path, isNull) is not { } spec)
            {
                continue;
            }

            var run = new AgentRunBuilder().Spec(_ => spec);
            Assert.That(() => AgentRunValidator.Validate(run.Build()), Throws.Nothing, path);
            if (Parse(JsonSerializer.SerializeToNode(spec, ApiJson.Options)!) is null)
            {
                continue;
            }

            using var fresh = new RunWorld(run);
            await fresh.SettleAsync();
            Assert.That(fresh.Status.FindCondition(ConditionTypes.Accepted), Is.Not.Null);

            using var live = new RunWorld(new AgentRunBuilder().Spec(_ => Whole));
            await live.SettleAsync();
            live.ChangeSpec(_ => spec);
            await live.SettleAsync();
            Assert.That(live.Status.FindCondition(ConditionTypes.Accepted), Is.Not.Null);
        }
    }

    /// <summary>The spec without a field; null if no cache takes such an object: then the run is not reconciled, and the log says why.</summary>
    private static AgentRunSpec? Without(string path, bool isNull)
    {
        var root = JsonSerializer.SerializeToNode(Whole, ApiJson.Options)!.AsObject();
        var steps = path.Split('/');
        JsonNode at = root;
        foreach (var step in steps[..^1])
        {
            at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!;
        }

        switch (at)
        {
            case JsonArray list when isNull:
                list[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = null;
                break;
            case JsonArray list:
                list.RemoveAt(int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture));
                break;
            case JsonObject parent when isNull:
                parent[steps[^1]] = null;
                break;
            case JsonObject parent:
                parent.Remove(steps[^1]);
                break;
        }

        return Parse(root);
    }

    private static AgentRunSpec? Parse(JsonNode spec)
    {
        try
        {
            return spec.Deserialize<AgentRunSpec>(ApiJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AgentRunSpec Read(string yaml)
    {
        var graph = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object?>(yaml);
        return JsonSerializer.Deserialize<AgentRun>(new SerializerBuilder().JsonCompatible().Build().Serialize(graph), ApiJson.Options)!.Spec;
    }

    private static IEnumerable<string> PathsIn(JsonNode node, string prefix = "")
    {
        var children = node switch
        {
            JsonObject parent => parent.Select(field => (field.Key, field.Value)),
            JsonArray list => list.Select((item, index) => ($"{index}", item)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            yield return prefix + key;
            foreach (var path in child is null ? [] : PathsIn(child, $"{prefix}{key}/"))
            {
                yield return path;
            }
        }
    }
}
