namespace AgentOperator.Api.Tests.Validation;

public sealed class ModelEndpointValidatorTests
{
    private static readonly ModelEndpointSpec Valid = new() { BaseUrl = "https://api.example/v1" };

    [TestCase("api.example/v1", "http or https URL")]
    [TestCase("https://api.example/v1?key=a", "without a query")]
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
    public void Validate_BaseUrl_IsAccepted(string url) => Assert.That(Validate(Valid with { BaseUrl = url }), Is.Empty);

    [Test]
    public void Validate_SecretWithoutAName_IsRefused() =>
        Assert.That(
            Validate(Valid with { ApiKeySecretRef = new() { Name = null!, Key = "key" } }).Single().Field,
            Is.EqualTo("spec.apiKeySecretRef.name"));

    [Test]
    public void Validate_NoSpec_IsRefused() =>
        Assert.That(ModelEndpointValidator.Validate(new() { Spec = null! }).Single().Field, Is.EqualTo("spec"));

    private static IReadOnlyList<FieldViolation> Validate(ModelEndpointSpec spec) => ModelEndpointValidator.Validate(new() { Spec = spec });
}
