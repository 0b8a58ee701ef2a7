using System.Text.Json;

namespace AgentOperator.Api.Tests.Validation;

public sealed class PodTemplateRulesTests
{
    private const string Owned = "belongs to the operator";

    public static IEnumerable<TestCaseData> Broken()
    {
        yield return Label("agentoperator.dev/attempt", "1", Owned);
        yield return Label("app.kubernetes.io/name", "x", Owned);
        yield return Label("a b", "c", "is not a label key");
        yield return Label("team", "a b", "begin and end with a letter or digit");
        yield return Annotation("agentoperator.dev/heartbeat", Owned);
        yield return Annotation("cluster-autoscaler.kubernetes.io/safe-to-evict", Owned);
        yield return Annotation("container.apparmor.security.beta.kubernetes.io/agent", Owned);
        yield return Annotation("a b", "is not an annotation key");

        yield return Case("""{"affinity":{"nodeAffinty":{}}}""", "affinity.nodeAffinty", "kubectl explain pod.spec.affinity");
        yield return Case(
            """{"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":1}]}}}""",
            "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey", "wrong type");
        yield return Case("""{"affinity":{"podAffinity":3}}""", "affinity.podAffinity", "wrong type");
        yield return Case("""{"topologySpreadConstraints":[{"maxSkew":"1"}]}""", "topologySpreadConstraints[0].maxSkew", "wrong type");
        yield return Case("""{"priorityClassName":"High Priority"}""", "priorityClassName", "is not a name");

        yield return Case("""{"env":[{"name":"AGENT_TOKEN_FILE","value":"/x"}]}""", "env[0].name", Owned);
        yield return Case("""{"env":[{"name":"AGENT_OF_A_LATER_VERSION"}]}""", "env[0].name", Owned);
        yield return Case("""{"env":[{"name":"IDEMPOTENCY_KEY","value":"1"}]}""", "env[0].name", Owned);
        yield return Case("""{"env":[{"name":"A B"}]}""", "env[0].name", "name of an environment variable");
        yield return Case("""{"env":[{"name":"A"},{"name":"A"}]}""", "env[1].name", "already used by spec.podTemplate.spec.env[0]");
        yield return Case(
            """{"env":[{"name":"A","value":"1","valueFrom":{"configMapKeyRef":{"name":"a","key":"b"}}}]}""", "env[0].valueFrom", "together with value");
        yield return Case(
            """{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"a","key":"b"}}}]}""", "env[0].valueFrom.configMapKeyRef", "holds no Secret");

        yield return Case("""{"volumes":[{"name":"token","emptyDir":{}}]}""", "volumes[0].name", Owned);
        yield return Case("""{"volumes":[{"name":"a","secret":{"secretName":"a"}}]}""", "volumes[0]", "holds no Secret");
        yield return Case("""{"volumes":[{"name":"a","hostPath":{"path":"/"}}]}""", "volumes[0]", "nothing of its node");
        yield return Case("""{"volumes":[{"name":"a","projected":{"sources":[]}}]}""", "volumes[0]", "exactly one of");
        yield return Case("""{"volumes":[{"name":"a","emptyDir":{},"configMap":{"name":"a"}}]}""", "volumes[0]", "exactly one of");
        yield return Case("""{"volumes":[{"name":"a","emptyDir":{"sizeLimit":"1MB"}}]}""", "volumes[0].emptyDir.sizeLimit", "must be a quantity");

        yield return Case("""{"volumeMounts":[{"name":"data","mountPath":"/data"}]}""", "volumeMounts[0].name", "none of spec.podTemplate.spec.volumes");
        yield return Case("""{"volumeMounts":[{"name":"token","mountPath":"/data"}]}""", "volumeMounts[0].name", "none of");
        foreach (var path in (string[])["/workspace", "/tmp", "/tmp/a", "/var", "/run", "/run/secrets", "/var/run/secrets/agentoperator/token"])
        {
            yield return Mount(path, Owned);
        }

        foreach (var path in (string[])["data", "/", "/data/", "//data", "/da:ta"])
        {
            yield return Mount(path, "absolute path");
        }

        yield return Mount("/data/../tmp", "'.' or '..'");
        yield return Mount("/./tmp", "'.' or '..'");
    }

    [TestCaseSource(nameof(Broken))]
    public void Validate_BrokenRule_NamesTheFieldAndTheRule(string template, string field, string message)
    {
        var violation = Validate(template).Single();

        Assert.That(violation.Field, Is.EqualTo(field));
        Assert.That(violation.Message, Does.Contain(message));
    }

    [TestCase("{}")]
    [TestCase("""{"metadata":{},"spec":{}}""")]
    [TestCase("""{"spec":{"volumes":[{"name":"data","emptyDir":{}}],"volumeMounts":[{"name":"data","mountPath":"/workspace/data"}]}}""")]
    [TestCase("""{"metadata":{"labels":{"sidecar.istio.io/inject":"false","agentoperator.dev":"x","team":""}}}""")]
    public void Validate_Template_IsAccepted(string template) => Assert.That(Validate(template), Is.Empty);

    private static IReadOnlyList<FieldViolation> Validate(string template) => AgentRunValidator.Validate(
        new AgentRunBuilder().With(spec => spec with { PodTemplate = JsonSerializer.Deserialize<PodTemplate>(template, ApiJson.Options) }).Build());

    private static TestCaseData Label(string key, string value, string message) => Of(
        $$$$"""{"metadata":{"labels":{"{{{{key}}}}":"{{{{value}}}}"}}}""", $"metadata.labels[{key}]", message);

    private static TestCaseData Annotation(string key, string message) => Of(
        $$$$"""{"metadata":{"annotations":{"{{{{key}}}}":"any text"}}}""", $"metadata.annotations[{key}]", message);

    private static TestCaseData Mount(string path, string message) =>
        Case(
            $$$"""{"volumes":[{"name":"data","emptyDir":{}}],"volumeMounts":[{"name":"data","mountPath":"{{{path}}}"}]}""",
            "volumeMounts[0].mountPath", message, path);

    private static TestCaseData Case(string spec, string field, string message, string? name = null) =>
        Of($$$"""{"spec":{{{spec}}}}""", $"spec.{field}", message, name);

    private static TestCaseData Of(string template, string field, string message, string? name = null) =>
        new TestCaseData(template, $"spec.podTemplate.{field}", message).SetArgDisplayNames(name ?? field, message);
}
