using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Api.Tests.Validation;

public sealed class AgentRunValidatorTests
{
    public static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("spec.task", "is required", spec => spec with { Task = null });
        yield return Case("spec.task", "together with taskFrom", spec => spec with { TaskFrom = Source("tasks", "a") });
        yield return Case("spec.task", "must not be blank", spec => spec with { Task = " \n" });
        yield return Case("spec.task", "must not be empty", spec => spec with { Task = "" });
        yield return Case("spec.task", "at most 65536 characters", spec => spec with { Task = new string('x', 65537) });
        yield return Case("spec.taskFrom.configMapKeyRef.name", "is not a name", spec => spec with { Task = null, TaskFrom = Source("Tasks", "a") });
        yield return Case("spec.taskFrom.configMapKeyRef.key", "is not a key", spec => spec with { Task = null, TaskFrom = Source("tasks", "a/b") });
        yield return Case("spec.instructions", "at most 65536", spec => spec with { Instructions = new string('x', 65537) });
        yield return Case("spec.model", "is required", spec => spec with { Model = null! });
        yield return Case("spec.model.endpointRef", "is required", spec => spec with { Model = spec.Model with { EndpointRef = null! } });
        yield return Case(
            "spec.model.endpointRef.name", "is not a name",
            spec => spec with { Model = spec.Model with { EndpointRef = new() { Name = "Open AI" } } });
        yield return Case("spec.model.name", "must not be empty", spec => spec with { Model = spec.Model with { Name = "" } });
        yield return Case("spec.model.name", "without spaces", spec => spec with { Model = spec.Model with { Name = "gpt 4" } });
        yield return Case("spec.model.maxOutputTokens", "between 1 and", spec => spec with { Model = spec.Model with { MaxOutputTokens = 0 } });
        yield return Case(
            "spec.model.parameters.tools", "the gateway sets it",
            spec => spec with
            {
                Model = spec.Model with { Parameters = new Dictionary<string, JsonElement> { ["tools"] = JsonElement.Parse("[]") } },
            });

        yield return Case("spec.tools", "is required", spec => spec with { Tools = null! });
        yield return Case("spec.tools[1]", "is required", spec => spec with { Tools = [Tool("shell"), null!] });
        yield return Case(
            "spec.tools", "at most 32 entries",
            spec => spec with { Tools = [.. Enumerable.Range(0, 33).Select(index => Tool($"t{index}", "http://a"))] });
        yield return Case(
            "spec.tools[2].name", "already used by spec.tools[0]", spec => spec with { Tools = [Tool("shell"), Tool("files"), Tool("shell")] });
        yield return Case("spec.tools[0].name", "is not a name", spec => spec with { Tools = [Tool("My Tool", "http://a")] });
        yield return Case("spec.tools[0].mcp", "is required", spec => spec with { Tools = [Tool("github")] });
        yield return Case("spec.tools[0].mcp", "built-in tool shell", spec => spec with { Tools = [Tool("shell", "http://a")] });
        yield return Case("spec.tools[0].mcp.url", "http or https URL", spec => spec with { Tools = [Tool("github", "ftp://a")] });
        yield return Case("spec.tools[0].mcp.url", "the '[' of its host is not closed", spec => spec with { Tools = [Tool("github", "http://[::")] });
        yield return Case("spec.tools[0].mcp.url", "port 99999 is not in 1..65535", spec => spec with { Tools = [Tool("github", "http://h:99999")] });
        yield return Case(
            "spec.tools[0].mcp.url", "169.254.169.254 is a link-local or metadata address",
            spec => spec with { Tools = [Tool("github", "http://169.254.169.254/mcp")] });
        yield return Case(
            "spec.tools[0].mcp.url", "fe80::1 is a link-local or metadata address",
            spec => spec with { Tools = [Tool("github", "http://[fe80::1]/")] });
        yield return Case("spec.tools[0].mcp.caBundle", "https URL",
            spec => spec with { Tools = [Trusting("http://a", FullRun().Spec.Tools[1].Mcp!.CaBundle!)] });
        yield return Case("spec.tools[0].mcp.caBundle", "certificate in PEM format", spec => spec with { Tools = [Trusting("https://a", "x")] });
        yield return Case("spec.tools[0].mcp.caBundle", "certificate in PEM format", spec => spec with { Tools = [Trusting("https://a", "")] });
        yield return Case(
            "spec.tools[0].mcp.caBundle", "cannot be read", spec => spec with { Tools = [Trusting("https://a", Pem("CERTIFICATE"))] });
        yield return Case(
            "spec.tools[0].mcp.caBundle", "not a EC PRIVATE KEY", spec => spec with { Tools = [Trusting("https://a", Pem("EC PRIVATE KEY"))] });
        yield return Case(
            "spec.tools[0].mcp.caBundle", "at most 32768",
            spec => spec with { Tools = [Trusting("https://a", FullRun().Spec.Tools[1].Mcp!.CaBundle + new string('\n', 40000))] });
        yield return Case("spec.tools[0].allow", "built-in tool files", spec => spec with { Tools = [Tool("files") with { Allow = ["read"] }] });
        yield return Case(
            "spec.tools[0].allow[1]", "without spaces", spec => spec with { Tools = [Tool("github", "http://a") with { Allow = ["a", "b c"] }] });
        yield return Case(
            "spec.tools[0].effect", "must be one of Irreversible, Keyed, Pure",
            spec => spec with { Tools = [Tool("shell") with { Effect = (ToolEffect)9 }] });

        yield return Case("spec.limits.maxSteps", "between 1 and 100000, not 0", spec => spec with { Limits = new() { MaxSteps = 0 } });
        yield return Case("spec.limits.maxTokens", "between 1 and", spec => spec with { Limits = new() { MaxTokens = -5 } });
        yield return Case("spec.limits.activeDeadlineSeconds", "between 1 and", spec => spec with { Limits = new() { ActiveDeadlineSeconds = 0 } });
        yield return Case("spec.limits.stepTimeoutSeconds", "between 1 and", spec => spec with { Limits = new() { StepTimeoutSeconds = 86401 } });
        yield return Case("spec.limits.maxToolOutputBytes", "between 1024 and", spec => spec with { Limits = new() { MaxToolOutputBytes = 100 } });
        yield return Case("spec.limits.maxJournalBytes", "between 1048576 and", spec => spec with { Limits = new() { MaxJournalBytes = 1000 } });
        yield return Case("spec.limits.maxContextBytes", "between 8192 and", spec => spec with { Limits = new() { MaxContextBytes = 1 } });

        yield return Case("spec.resources.limits.memory", "must be a quantity", spec => spec with { Resources = Limits(memory: "64MB") });
        yield return Case("spec.resources.limits.memory", "at least 32Mi", spec => spec with { Resources = Limits(memory: "512m") });
        yield return Case("spec.resources.limits.memory", "is required", spec => spec with { Resources = Limits(memory: null!) });
        yield return Case("spec.resources.limits.ephemeral-storage", "at least 1Mi", spec => spec with { Resources = Limits(disk: "1Ki") });
        yield return Case("spec.resources.limits.cpu", "more than 0", spec => spec with { Resources = Limits(cpu: "0") });
        yield return Case(
            "spec.resources.requests.cpu", "exceed the limit of 1",
            spec => spec with { Resources = Limits(cpu: "1") with { Requests = new() { Cpu = "1500m" } } });
        yield return Case(
            "spec.resources.requests.memory", "exceed the limit of 512Mi",
            spec => spec with { Resources = new() { Requests = new() { Memory = "1Gi" } } });
        yield return Case(
            "spec.resources.requests.ephemeral-storage", "exceed the limit",
            spec => spec with { Resources = new() { Requests = new() { EphemeralStorage = "2Gi" } } });

        yield return Case("spec.recovery.maxFailures", "between 1 and 100", spec => spec with { Recovery = new() { MaxFailures = 0 } });
        yield return Case(
            "spec.recovery.backoffSeconds", "not be greater than maxBackoffSeconds",
            spec => spec with { Recovery = new() { BackoffSeconds = 10, MaxBackoffSeconds = 5 } });
        yield return Case(
            "spec.recovery.heartbeatTimeoutSeconds", "between 10 and", spec => spec with { Recovery = new() { HeartbeatTimeoutSeconds = 1 } });
        yield return Case(
            "spec.recovery.outOfMemory.memoryPercent", "between 100 and 1000",
            spec => spec with { Recovery = new() { OutOfMemory = new() { MemoryPercent = 50 } } });
        yield return Case(
            "spec.recovery.outOfMemory.maxMemory", "at least resources.limits.memory",
            spec => spec with { Recovery = new() { OutOfMemory = new() { MaxMemory = "256Mi" } } });
        yield return Case(
            "spec.recovery.outOfMemory.maxMemory", "must be a quantity",
            spec => spec with { Recovery = new() { OutOfMemory = new() { MaxMemory = "much" } } });

        yield return Case("spec.sandbox.runtimeClassName", "is not a name", spec => spec with { Sandbox = new() { RuntimeClassName = "gVisor" } });
        yield return Case(
            "spec.sandbox.nodeSelector[disk]", "begin and end with a letter or digit",
            spec => spec with { Sandbox = new() { NodeSelector = new Dictionary<string, string> { ["disk"] = "very fast" } } });
        yield return Case(
            "spec.sandbox.nodeSelector[a b]", "is not a label key",
            spec => spec with { Sandbox = new() { NodeSelector = new Dictionary<string, string> { ["a b"] = "c" } } });
        yield return Case("spec.sandbox.tolerations[0].operator", "must be Exists", spec => spec with { Sandbox = Tolerating(new TolerationSpec()) });
        yield return Case(
            "spec.sandbox.tolerations[0].operator", "must be one of Exists, Equal",
            spec => spec with { Sandbox = Tolerating(new TolerationSpec { Key = "a", Operator = "In" }) });
        yield return Case(
            "spec.sandbox.tolerations[0].value", "with the operator Exists",
            spec => spec with { Sandbox = Tolerating(new TolerationSpec { Key = "a", Operator = "Exists", Value = "b" }) });
        yield return Case(
            "spec.sandbox.tolerations[0].effect", "must be NoExecute",
            spec => spec with { Sandbox = Tolerating(new TolerationSpec { Key = "a", TolerationSeconds = 5 }) });

        yield return Case("spec.runner.image", "image reference", spec => spec with { Runner = new() { Image = "My Image" } });
        yield return Case("spec.runner.image", "image reference", spec => spec with { Runner = new() { Image = "team/Runner" } });
        yield return Case("spec.runner.imagePullPolicy", "must be one of", spec => spec with { Runner = new() { ImagePullPolicy = "Sometimes" } });
        yield return Case(
            "spec.runner.imagePullSecrets[1].name", "already used",
            spec => spec with { Runner = new() { ImagePullSecrets = [new() { Name = "a" }, new() { Name = "a" }] } });
        yield return Case("spec.ttlSecondsAfterFinished", "between 0 and", spec => spec with { TtlSecondsAfterFinished = -1 });
    }

    [TestCaseSource(nameof(Broken))]
    public void Validate_BrokenRule_NamesTheFieldAndTheRule(string field, string message, Func<AgentRunSpec, AgentRunSpec> change)
    {
        var violations = AgentRunValidator.Validate(new AgentRunBuilder().With(change).Build());

        Assert.That(violations, Has.Some.Matches<FieldViolation>(violation => violation!.Field == field && violation.Message.Contains(message)));
    }

    [TestCaseSource(nameof(Broken))]
    public void Validate_OneBrokenRule_IsOneViolation(string field, string message, Func<AgentRunSpec, AgentRunSpec> change)
    {
        var violations = AgentRunValidator.Validate(new AgentRunBuilder().With(change).Build());

        Assert.That(violations, Has.Count.EqualTo(1), $"besides {field}: {message}");
    }

    [TestCase("a.b", "is not a name")]
    [TestCase("Run", "is not a name")]
    [TestCase("-run", "is not a name")]
    [TestCase("", "is required")]
    [TestCase("abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz", "at most 52 characters, not 53")]
    public void Validate_NameThatNoPodCanHave_IsRefused(string name, string message)
    {
        var violation = AgentRunValidator.Validate(new AgentRunBuilder().Named(name).Build()).Single();

        Assert.Multiple(() =>
        {
            Assert.That(violation.Field, Is.EqualTo("metadata.name"));
            Assert.That(violation.Message, Does.Contain(message));
        });
    }

    [Test]
    public void Validate_NoSpec_IsRefused() =>
        Assert.That(AgentRunValidator.Validate(new AgentRun { Spec = null! }).Single().Field, Is.EqualTo("spec"));

    [TestCase("runner")]
    [TestCase("team/runner")]
    [TestCase("localhost/runner")]
    [TestCase("registry.example:5000/a/b/runner:1.2-rc.1")]
    [TestCase("registry.example/runner@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Validate_Image_IsAccepted(string image) =>
        Assert.That(AgentRunValidator.Validate(new AgentRunBuilder().With(spec => spec with { Runner = new() { Image = image } }).Build()), Is.Empty);

    [Test]
    public void Validate_LinkLocalServerAndTheChartAllowsIt_IsAccepted() => Assert.That(
        AgentRunValidator.Validate(
            new AgentRunBuilder().With(spec => spec with { Tools = [Tool("github", "http://169.254.169.254/mcp")] }).Build(), allowLinkLocal: true),
        Is.Empty);

    [Test]
    public void Validate_SmallestRun_IsAccepted() => Assert.That(AgentRunValidator.Validate(new AgentRunBuilder().Build()), Is.Empty);

    [Test]
    public void Validate_FullRun_IsAccepted() =>
        Assert.That(
            AgentRunValidator.Validate(FullRun()), Is.Empty);

    [Test]
    public void Validate_SeveralBrokenRules_NamesThemAll()
    {
        var run = new AgentRunBuilder().With(spec => spec with { Task = null, Limits = new() { MaxSteps = 0 }, Tools = [Tool("x")] }).Build();

        Assert.That(
            AgentRunValidator.Validate(run).Select(violation => violation.Field),
            Is.EqualTo(new[] { "spec.limits.maxSteps", "spec.task", "spec.tools[0].mcp" }));
    }

    /// <summary>I7: what is said of a task never holds the task.</summary>
    [Test]
    public void Validate_TaskIsTooLong_DoesNotRepeatIt()
    {
        var run = new AgentRunBuilder().With(spec => spec with { Task = string.Concat(Enumerable.Repeat("secret", 20000)) }).Build();

        Assert.That(AgentRunValidator.Validate(run).Single().ToString(), Does.Not.Contain("secret"));
    }

    private static TestCaseData Case(string field, string message, Func<AgentRunSpec, AgentRunSpec> change) =>
        new TestCaseData(field, message, change).SetArgDisplayNames(field, message);

    private static TaskSource Source(string name, string key) => new() { ConfigMapKeyRef = new() { Name = name, Key = key } };

    private static AgentRun FullRun() => Manifests.Read<AgentRun>(Repository.Read("tests/AgentOperator.Api.Tests/Json/full-run.yaml"));

    private static ToolSpec Trusting(string url, string caBundle) => new() { Name = "github", Mcp = new McpSpec { Url = url, CaBundle = caBundle } };

    private static string Pem(string label) => $"-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n";

    private static ToolSpec Tool(string name, string? url = null) => new() { Name = name, Mcp = url is null ? null : new McpSpec { Url = url } };

    private static ResourcesSpec Limits(string? cpu = null, string memory = "64Mi", string disk = "1Gi") =>
        new() { Limits = new() { Cpu = cpu, Memory = memory, EphemeralStorage = disk } };

    private static SandboxSpec Tolerating(TolerationSpec toleration) => new() { Tolerations = [toleration] };
}
