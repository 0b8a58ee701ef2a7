using AgentOperator.Gateway.Identity;

namespace AgentOperator.Tests.Gateway.Identity;

/// <summary>What is refused without a TokenReview.</summary>
[TestFixture]
internal sealed class UnverifiedTokenTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private const string Bound = "\"kubernetes.io\":{\"pod\":{\"name\":\"survey-1\"}";
    private const string OtherAccount = "is not of the ServiceAccount agent-operator-agent";
    private const string Pod = "\"kubernetes.io\":{\"pod\":{\"name\":\"survey-1\"},\"serviceaccount\":{\"name\":\"agent-operator-agent\"}}";

    [TestCase("{\"aud\":[\"agentoperator\"],\"exp\":1800003600," + Pod + "}")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1800003600," + Bound + ",\"serviceaccount\":{\"name\":\"default\"}}}")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1.8000036e9," + Pod + "}")]
    [TestCase("{\"aud\":[1,\"other\",\"agentoperator\"],\"exp\":1e999," + Pod + "}")]
    [TestCase("{\"aud\":[\"agentoperator\"],\"exp\":1799999900," + Pod + "}", Description = "the clocks may differ")]
    public void FindProblem_OfATokenThatMayBeARunners_IsNone(string claims) =>
        Assert.That(UnverifiedToken.FindProblem(PodToken.With(claims) + "c2ln", Now), Is.Null);

    [TestCase("{\"exp\":1800003600," + Pod + "}", "is not for the audience agentoperator")]
    [TestCase("{\"aud\":[\"https://kubernetes.default.svc\"],\"exp\":1800003600," + Pod + "}", "is not for the audience agentoperator")]
    [TestCase("{\"aud\":{\"agentoperator\":1},\"exp\":1800003600," + Pod + "}", "is not for the audience agentoperator")]
    [TestCase("{\"aud\":\"agentoperator\"," + Pod + "}", "has expired")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":\"1800003600\"," + Pod + "}", "has expired")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1799999000," + Pod + "}", "has expired")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1800003600}", "is not bound to a pod")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1800003600,\"kubernetes.io\":{\"pod\":[]}}", "is not bound to a pod")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1800003600,\"kubernetes.io\":{\"pod\":{\"name\":1}}}", "is not bound to a pod")]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1800003600," + Bound + "}}", OtherAccount)]
    [TestCase("{\"aud\":\"agentoperator\",\"exp\":1800003600," + Bound + ",\"serviceaccount\":{\"name\":\"builder\"}}}", OtherAccount)]
    [TestCase("[]", "is not for the audience agentoperator")]
    [TestCase("no JSON", "is not a JWT")]
    [TestCase("", "is not a JWT")]
    public void FindProblem_OfOtherClaims_SaysWhatIsWrong(string claims, string problem) =>
        Assert.That(UnverifiedToken.FindProblem(PodToken.With(claims) + "c2ln", Now), Is.EqualTo(problem));

    [TestCase("")]
    [TestCase("a")]
    [TestCase("a.b")]
    [TestCase("a..c")]
    [TestCase("a.e30.c.d")]
    [TestCase("a.%%%.c")]
    [TestCase("sha256~opaque")]
    public void FindProblem_OfWhatHasNotThreeParts_IsNoJwt(string token) =>
        Assert.That(UnverifiedToken.FindProblem(token, Now), Is.EqualTo("is not a JWT"));

    [Test]
    public void FindProblem_OfALongToken_SaysTheLimit() => Assert.That(
        UnverifiedToken.FindProblem(PodToken.Of(new string('c', UnverifiedToken.MaxLength)), Now), Is.EqualTo("is longer than 8192 characters"));

    [Test]
    public void FindProblem_OfAPodsOrdinaryToken_IsNone() => Assert.That(UnverifiedToken.FindProblem(PodToken.Of("c2ln"), Now), Is.Null);
}
