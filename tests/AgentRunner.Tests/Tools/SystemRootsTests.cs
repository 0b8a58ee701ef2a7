using System.Security.Cryptography.X509Certificates;
using AgentRunner.Tests.Fakes;
using AgentRunner.Tools.Mcp;

namespace AgentRunner.Tests.Tools;

/// <summary>MCP servers over HTTPS are trusted by the system's roots, which the runner reads itself.</summary>
internal sealed class SystemRootsTests
{
    private DirectoryInfo _folder = null!;
    private X509Certificate2 _authority = null!;

    [OneTimeSetUp]
    public void CreateFolder()
    {
        _folder = Directory.CreateTempSubdirectory("agent-runner-roots-");
        _authority = HttpsServer.CreateAuthority("a root");
        File.WriteAllText(Bundle, _authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, "README"), "no certificate");
    }

    [OneTimeTearDown]
    public void DeleteFolder()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Bundle => Path.Combine(_folder.FullName, "roots.pem");

    [Test]
    public async Task Connect_ARootOfTheFile_IsTrusted() => Assert.That(await ConnectAsync(_authority, new SystemRoots(Bundle, null)), Is.Null);

    [Test]
    public async Task Connect_ARootOfAFolderWithOtherFiles_IsTrusted() =>
        Assert.That(await ConnectAsync(_authority, new SystemRoots("/dev/null", $"/does-not-exist:{_folder.FullName}")), Is.Null);

    [Test]
    public async Task Connect_NoRoot_IsRefused()
    {
        using var other = HttpsServer.CreateAuthority("another root");
        Assert.That(await ConnectAsync(other, new SystemRoots(Bundle, null)), Is.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Connect_TheFilesRootAndAnother_AreBothTrusted()
    {
        using var other = HttpsServer.CreateAuthority("another root");
        var roots = new SystemRoots(Bundle, null);

        Assert.That(await HttpsServer.ConnectAsync(other, "localhost", roots.CreateHandler(other.ExportCertificatePem())), Is.Null);
        Assert.That(await HttpsServer.ConnectAsync(_authority, "localhost", roots.CreateHandler(other.ExportCertificatePem())), Is.Null);
        Assert.That(
            await HttpsServer.ConnectAsync(other, "localhost", roots.CreateHandler()), Is.InstanceOf<HttpRequestException>(), "one server's only");
    }

    [Test]
    public void Read_NothingIsSaid_GivesTheDistributions() => Assert.That(new SystemRoots(null, null).Read(), Has.Count.GreaterThan(20));

    private static Task<HttpRequestException?> ConnectAsync(X509Certificate2 issuer, SystemRoots roots) =>
        HttpsServer.ConnectAsync(issuer, "localhost", roots.CreateHandler());
}
