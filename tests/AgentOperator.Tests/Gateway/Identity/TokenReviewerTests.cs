using System.Text.Json.Nodes;
using AgentOperator.Gateway.Identity;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway.Identity;

/// <summary>What the API server's answer to a TokenReview comes to.</summary>
[TestFixture]
internal sealed class TokenReviewerTests
{
    [TestCase("system:serviceaccount:agents:agent-operator-agent")]
    [TestCase("system:serviceaccount:agents:default", Description = "a pod that an older operator created")]
    public async Task Review_TokenOfAnAgentsAccount_IsItsPods(string user) =>
        Assert.That(await ReviewAsync(user), Is.EqualTo(new ReviewedPod("agents", "survey-1", "uid-1")));

    [TestCase("system:serviceaccount:agents:builder")]
    [TestCase("system:serviceaccount:agents:agent-operator-agents")]
    [TestCase("system:serviceaccount:agents")]
    [TestCase("system:serviceaccount:agents:agent-operator-agent:x")]
    [TestCase("system:node:one")]
    [TestCase("agent-operator-agent")]
    public async Task Review_TokenOfAnotherAccount_IsRefused(string user) => Assert.That(await ReviewAsync(user), Is.Null);

    private static Task<ReviewedPod?> ReviewAsync(string user)
    {
        var connection = new FakeConnection(new FakeKubernetes())
        {
            Route = (_, _) => FakeAnswer.Ok(new JsonObject
            {
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["kind"] = "TokenReview",
                ["spec"] = new JsonObject(),
                ["status"] = new JsonObject
                {
                    ["authenticated"] = true,
                    ["audiences"] = new JsonArray(RunnerEnvironment.TokenAudience),
                    ["user"] = new JsonObject
                    {
                        ["username"] = user,
                        ["extra"] = new JsonObject
                        {
                            ["authentication.kubernetes.io/pod-name"] = new JsonArray("survey-1"),
                            ["authentication.kubernetes.io/pod-uid"] = new JsonArray("uid-1"),
                        },
                    },
                },
            }),
        };
        return new TokenReviewer(connection.Client).ReviewAsync("token", default);
    }
}
