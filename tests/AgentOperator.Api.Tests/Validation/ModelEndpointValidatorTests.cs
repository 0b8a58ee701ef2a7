using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace AgentOperator.Api.Tests.Validation;

public sealed class ModelEndpointValidatorTests
{
    private static readonly ModelEndpointSpec Valid = new() { BaseUrl = "https://api.example/v1" };

    private static readonly HeaderSpec Header = new() { Name = "api-key", Value = "hidden" };

    private static readonly string Certificate = MakeCertificate();

    [TestCase("api.example/v1", "http or https URL")]
    [TestCase("https://api.example/v1#a", "has a fragment")]
    [TestCase("https://[::", "the '[' of its host is not closed")]
    [TestCase("http://h:99999/v1", "port 99999 is not in 1..65535")]
    [TestCase("https://api.example/v1/chat/completions?api-version=1", "without /chat/completions")]
    [TestCase("https://api.example/v1/chat/completions", "without /chat/completions")]
    [TestCase("https://api.example/v1/chat/completions/", "without /chat/completions")]
    public void Validate_UnusableBaseUrl_IsRefused(string url, string message)
    {
        var violation = Validate(Valid with { BaseUrl = url }).Single();

        Assert.Multiple(() =>
        {
            Assert.That(violation.Field, Is.EqualTo("spec.baseUrl"));
            Assert.That(violation.Message, Does.Contain(message));
        });
    }

    [TestCase("https://api.example/v1")]
    [TestCase("https://api.example/v1/")]
    [TestCase("http://model-server.demo.svc:8080/v1")]
    [TestCase("https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21")]
    [TestCase("https://api.example?next=/chat/completions")]
    public void Validate_BaseUrl_IsAccepted(string url) => Assert.That(Validate(Valid with { BaseUrl = url }), Is.Empty);

    [TestCase(0, null)]
    [TestCase(3, null)]
    [TestCase(4, "spec.fallbacks")]
    public void Validate_Fallbacks_AreAtMostThree(int count, string? field) => Assert.That(
        Validate(Valid with { Fallbacks = [.. Enumerable.Range(1, count).Select(number => new FallbackSpec { Name = $"other-{number}" })] })
            .SingleOrDefault()?.Field,
        Is.EqualTo(field));

    [Test]
    public void Validate_Fallbacks_AreOtherEndpoints()
    {
        var endpoint = new ModelEndpoint
        {
            Metadata = new k8s.Models.V1ObjectMeta { Name = "own" },
            Spec = Valid with { Fallbacks = [new FallbackSpec { Name = "other" }, new FallbackSpec { Name = "own" }] },
        };

        Assert.That(
            ModelEndpointValidator.Validate(endpoint).Select(violation => violation.ToString()),
            Is.EqualTo(new[] { "spec.fallbacks[1].name: must be another ModelEndpoint" }));
    }

    [Test]
    public void Validate_SecretWithoutAName_IsRefused() =>
        Assert.That(
            Validate(Valid with { ApiKeySecretRef = new() { Name = null!, Key = "key" } }).Single().Field,
            Is.EqualTo("spec.apiKeySecretRef.name"));

    [Test]
    public void Validate_NoSpec_IsRefused() =>
        Assert.That(ModelEndpointValidator.Validate(new() { Spec = null! }).Single().Field, Is.EqualTo("spec"));

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("spec.caBundle", "must hold a certificate", spec => spec with { CaBundle = "hidden" });
        yield return Case("spec.caBundle", "cut off", spec => spec with { CaBundle = Certificate + Certificate[..^40] });
        yield return Case(
            "spec.caBundle", "certificate 2 cannot be read",
            spec => spec with { CaBundle = Certificate + "-----BEGIN CERTIFICATE-----\naGlkZGVu\n-----END CERTIFICATE-----\n" });
        yield return Case(
            "spec.caBundle", "only certificates, not a PRIVATE KEY",
            spec => spec with { CaBundle = Certificate + "-----BEGIN PRIVATE KEY-----\naGlkZGVu\n-----END PRIVATE KEY-----\n" });
        yield return Case("spec.caBundle", "at most 65536", spec => spec with { CaBundle = Certificate + new string(' ', 65536) });

        yield return Case("spec.proxyUrl", "must not hold credentials", spec => spec with { ProxyUrl = "http://me:hidden@proxy:3128" });
        yield return Case("spec.proxyUrl", "must be an http or https URL", spec => spec with { ProxyUrl = "socks5://hidden:1080" });
        yield return Case("spec.proxyUrl", "must be http://HOST:PORT", spec => spec with { ProxyUrl = "http://hidden:3128/path" });
        yield return Case("spec.proxyUrl", "its port is not a number", spec => spec with { ProxyUrl = "http://hidden:port" });
        yield return Case("spec.proxyUrl", "its port is not in 1..65535", spec => spec with { ProxyUrl = "http://hidden:99999/a@proxy" });
        yield return Case("spec.proxyUrl", "must be an http or https URL", spec => spec with { ProxyUrl = "" });

        foreach (var name in (string[])["Host", "content-length", "Content-Type", "Connection", "TE", "Proxy-Authorization", "Idempotency-Key"])
        {
            yield return Case("spec.headers[0].name", "the gateway sets itself", spec => spec with { Headers = [Header with { Name = name }] });
        }

        yield return Case(
            "spec.headers[1].name", "together with apiKeySecretRef",
            spec => spec with { ApiKeySecretRef = new() { Name = "a", Key = "b" }, Headers = [Header, Header with { Name = "authorization" }] });
        yield return Case("spec.headers[0].name", "is not a header's name", spec => spec with { Headers = [Header with { Name = "api key" }] });
        yield return Case("spec.headers[0].name", "must not be empty", spec => spec with { Headers = [Header with { Name = "" }] });
        yield return Case(
            "spec.headers[1].name", "already used by spec.headers[0]", spec => spec with { Headers = [Header, Header with { Name = "API-Key" }] });
        yield return Case("spec.headers[1].name", "already used by spec.headers[0]", spec => spec with { Headers = [Header, Header] });
        yield return Case("spec.headers[0].value", "is required, unless", spec => spec with { Headers = [Header with { Value = null }] });
        yield return Case(
            "spec.headers[0].value", "together with secretKeyRef",
            spec => spec with { Headers = [Header with { SecretKeyRef = new() { Name = "a", Key = "b" } }] });
        yield return Case("spec.headers[0].value", "printable ASCII", spec => spec with { Headers = [Header with { Value = "hidden\r\nHost: a" }] });
        yield return Case("spec.headers[0].value", "printable ASCII", spec => spec with { Headers = [Header with { Value = "hidden\n" }] });
        yield return Case("spec.headers[0]", "is required", spec => spec with { Headers = [null!] });
        yield return Case(
            "spec.headers", "at most 16 entries",
            spec => spec with { Headers = [.. Enumerable.Range(0, 17).Select(number => Header with { Name = $"x-{number}" })] });

        foreach (var name in (string[])["messages", "tools", "stream", "model", "n"])
        {
            yield return Case($"spec.parameters.{name}", "the gateway sets it", spec => spec with { Parameters = Json($$"""{"{{name}}":"hidden"}""") });
        }

        yield return Case(
            "spec.parameters.max_tokens", "spec.model.maxOutputTokens", spec => spec with { Parameters = Json("""{"top_p":1,"max_tokens":5}""") });
        yield return Case(
            "spec.parameters", "at most 16384 bytes", spec => spec with { Parameters = Json($$"""{"metadata":"{{new string('x', 16384)}}"}""") });
        yield return Case(
            "spec.parameters.a", "nested at most 32 levels",
            spec => spec with { Parameters = new Dictionary<string, JsonElement> { ["a"] = Nested(33) } });
        yield return Case(
            "spec.parameters", "at most 64 entries",
            spec => spec with { Parameters = Enumerable.Range(0, 65).ToDictionary(number => $"p{number}", _ => JsonElement.Parse("1")) });
        yield return Case("spec.outputLimitParameter", "must be one of max_tokens", spec => spec with { OutputLimitParameter = "max" });
    }

    [TestCaseSource(nameof(Broken))]
    public void Validate_BrokenField_IsNamedAndNotQuoted(string field, string message, Func<ModelEndpointSpec, ModelEndpointSpec> change)
    {
        var violation = Validate(change(Valid)).Single();

        Assert.Multiple(() =>
        {
            Assert.That(violation.Field, Is.EqualTo(field));
            Assert.That(violation.Message, Does.Contain(message).And.Not.Contain("hidden"));
        });
    }

    [Test]
    public void Validate_ParametersOfAnyDepth_AreAcceptedUpTo32Levels([Values(1, 31, 32, 33, 64, 65, 5000)] int levels)
    {
        var violations = Validate(Valid with { Parameters = new Dictionary<string, JsonElement> { ["a"] = Nested(levels), ["b"] = Nested(1) } });

        Assert.That(violations.Select(violation => violation.Field), Is.EqualTo(levels <= 32 ? [] : new[] { "spec.parameters.a" }));
    }

    [Test]
    public void Validate_EveryOption_IsAccepted() => Assert.That(
        Validate(Valid with
        {
            CaBundle = "# Our own\n" + Certificate + Certificate,
            ProxyUrl = "http://proxy.example:3128/",
            Headers =
            [
                new() { Name = "api-key", SecretKeyRef = new() { Name = "azure", Key = "key" } }, new() { Name = "X_Team.a", Value = "a b: c" },
                new() { Name = "Authorization", Value = "Basic aGlkZGVu" },
            ],
            Parameters = Json("""{"temperature":0.2,"response_format":{"type":"json_object"},"stop":null}"""),
            OutputLimitParameter = "max_tokens",
        }),
        Is.Empty);

    private static JsonElement Nested(int levels) =>
        JsonElement.Parse(new string('[', levels) + new string(']', levels), new JsonDocumentOptions { MaxDepth = levels });

    private static TestCaseData Case(string field, string message, Func<ModelEndpointSpec, ModelEndpointSpec> change) =>
        new TestCaseData(field, message, change).SetArgDisplayNames(field, message);

    private static Dictionary<string, JsonElement> Json(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;

    private static string MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=ours", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.ExportCertificatePem() + "\n";
    }

    private static IReadOnlyList<FieldViolation> Validate(ModelEndpointSpec spec) => ModelEndpointValidator.Validate(new() { Spec = spec });
}
