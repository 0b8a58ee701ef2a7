using System.Security.Cryptography.X509Certificates;
using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>MCP servers whose certificate a private authority signed.</summary>
internal sealed class McpCertificateTests
{
    private X509Certificate2 _authority = null!;
    private X509Certificate2 _other = null!;
    private X509Certificate2 _certificate = null!;

    [OneTimeSetUp]
    public void CreateCertificates()
    {
        _authority = HttpsServer.CreateAuthority("an authority");
        _other = HttpsServer.CreateAuthority("another authority");
        _certificate = HttpsServer.Issue(_authority, "localhost");
    }

    [OneTimeTearDown]
    public void DisposeCertificates()
    {
        _authority.Dispose();
        _other.Dispose();
        _certificate.Dispose();
    }

    [Test]
    public async Task Server_OfAnAuthorityInItsBundle_IsTrusted()
    {
        var (exit, outcomes) = await RunAsync($"{_other.ExportCertificatePem()}\n{_authority.ExportCertificatePem()}");

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        Assert.That(outcomes, Is.EqualTo(new[] { RecordKinds.ToolResult }));
    }

    [Test]
    public async Task Server_OfAnotherAuthority_IsNotTrusted([Values] bool hasBundle)
    {
        var (exit, _) = await RunAsync(hasBundle ? _other.ExportCertificatePem() : null);

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
    }

    [Test]
    public async Task Bundle_ThatCannotBeRead_IsInvalid()
    {
        var (exit, _) = await RunAsync("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.InvalidSpec, TerminationReasons.InvalidSpec)));
        Assert.That(exit.Message, Is.EqualTo("The caBundle of the MCP server 's' holds a certificate that cannot be read."));
    }

    private async Task<(RunnerExit Exit, IReadOnlyList<string> Outcomes)> RunAsync(string? caBundle)
    {
        await using var server = await RawMcpServer.StartAsync(_certificate);
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);
        harness.Gateway.Run = harness.Gateway.Run with { Tools = [harness.Gateway.Run.Tools[0] with { McpCaBundle = caBundle }] };
        harness.Patience = TimeSpan.FromMilliseconds(1);
        return (await harness.RunAttemptAsync(), harness.Outcomes());
    }
}
