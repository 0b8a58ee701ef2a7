using AgentOperator.Api;
using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class ProviderUrlTests
{
    private static readonly string[] Pieces =
    [
        "/", "//", "v1", "openai", "deployments", "?", "&", "=", "api-version=2024-10-21", "%2F", "%", ":", "@", "é", "..", ".", ";", "+", "[",
    ];

    [TestCase("https://api.example/v1", "https://api.example/v1/chat/completions")]
    [TestCase("https://api.example/v1//", "https://api.example/v1/chat/completions")]
    [TestCase("http://api.example:8080", "http://api.example:8080/chat/completions")]
    [TestCase("https://api.example?a=/b/", "https://api.example/chat/completions?a=/b/")]
    [TestCase(
        "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
        "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21")]
    [TestCase("https://api.example/v1/?a=1&b=%2F?c", "https://api.example/v1/chat/completions?a=1&b=%2F?c")]
    public void ChatCompletions_ABaseUrl_GetsThePathBeforeTheQuery(string baseUrl, string url) =>
        Assert.That(ProviderUrl.ChatCompletions(new Uri(baseUrl)).AbsoluteUri, Is.EqualTo(url));

    /// <summary>Whatever base URL is valid: only the path changes, and by the operation at its end.</summary>
    [Test]
    public void ChatCompletions_AnyValidBaseUrl_ChangesThePathOnly()
    {
        var joined = 0;
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var tail = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var baseUrl = $"{(seed % 2 == 0 ? "http" : "https")}://{(random.Next(9) == 0 ? "" : "api.example")}{tail}";
            if (ModelEndpointValidator.Validate(new ModelEndpoint { Spec = new ModelEndpointSpec { BaseUrl = baseUrl } }).Count > 0)
            {
                continue;
            }

            var (before, after) = (new Uri(baseUrl), ProviderUrl.ChatCompletions(new Uri(baseUrl)));
            Assert.That(
                (after.Scheme, after.Authority, after.AbsolutePath, after.Query),
                Is.EqualTo((before.Scheme, before.Authority, before.AbsolutePath.TrimEnd('/') + "/chat/completions", before.Query)), $"seed {seed}");
            joined++;
        }

        Assert.That(joined, Is.GreaterThan(1_000));
    }
}
