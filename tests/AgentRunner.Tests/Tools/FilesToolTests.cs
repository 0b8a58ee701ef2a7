using System.Text.Json;
using AgentTools;

namespace AgentRunner.Tests.Tools;

internal sealed class FilesToolTests
{
    private DirectoryInfo _folder = null!;

    private string Workspace => Path.Combine(_folder.FullName, "workspace");

    private string Secret => Path.Combine(_folder.FullName, "secret");

    [SetUp]
    public void CreateWorkspace()
    {
        _folder = Directory.CreateTempSubdirectory("files-");
        Directory.CreateDirectory(Workspace);
        File.WriteAllText(Secret, "secret");
    }

    [TearDown]
    public void DeleteWorkspace() => _folder.Delete(recursive: true);

    [Test]
    public async Task Write_ThenReadListDelete_Work()
    {
        Assert.That((await RunAsync("write", "a/b/c.txt", "h\u00e9llo")).Content, Is.EqualTo("wrote 6 bytes to a/b/c.txt"));
        Assert.That((await RunAsync("read", "a/b/c.txt")).Content, Is.EqualTo("h\u00e9llo"));
        Assert.That((await RunAsync("list", "a/b")).Content, Is.EqualTo("c.txt 6"));
        Assert.That((await RunAsync("list", ".")).Content, Is.EqualTo("a/"));
        Assert.That((await RunAsync("write", "a/b/c.txt", "")).End, Is.EqualTo(ToolEnd.Succeeded));
        Assert.That((await RunAsync("read", Path.Combine(Workspace, "a/b/c.txt"))).Content, Is.Empty);
        Assert.That((await RunAsync("delete", "a")).End, Is.EqualTo(ToolEnd.Succeeded));
        Assert.That((await RunAsync("list", ".")).Content, Is.EqualTo("[empty]"));
    }

    [TestCase("../secret")]
    [TestCase("a/../../secret")]
    [TestCase("link")]
    [TestCase("up/secret")]
    [TestCase("chain")]
    [TestCase("/etc/hostname")]
    [TestCase("../workspace-of-another/x")]
    public async Task AnyOperation_LeadsOut_IsRefused(string path)
    {
        File.CreateSymbolicLink(Path.Combine(Workspace, "link"), Secret);
        File.CreateSymbolicLink(Path.Combine(Workspace, "chain"), "link");
        Directory.CreateSymbolicLink(Path.Combine(Workspace, "up"), "..");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "workspace-of-another"));

        foreach (var operation in (string[])["read", "write", "list", "delete"])
        {
            var outcome = await RunAsync(operation, path, "overwritten");
            Assert.That((outcome.End, outcome.Content), Is.EqualTo((ToolEnd.Failed, $"The path '{path}' leads out of the workspace.")), operation);
        }

        Assert.That(await File.ReadAllTextAsync(Secret), Is.EqualTo("secret"));
    }

    [Test]
    public async Task Link_InsideTheWorkspace_IsFollowedButDeletedItself()
    {
        await RunAsync("write", "real/x", "1");
        Directory.CreateSymbolicLink(Path.Combine(Workspace, "alias"), "real");

        Assert.That((await RunAsync("read", "alias/x")).Content, Is.EqualTo("1"));
        Assert.That((await RunAsync("delete", "alias")).End, Is.EqualTo(ToolEnd.Succeeded));
        Assert.That((await RunAsync("read", "real/x")).Content, Is.EqualTo("1"));
        Assert.That((await RunAsync("list", ".")).Content, Is.EqualTo("real/"));
    }

    [Test]
    public async Task Link_ToItself_IsAnError()
    {
        File.CreateSymbolicLink(Path.Combine(Workspace, "loop"), "loop");

        Assert.That((await RunAsync("read", "loop")).Content, Does.Contain("too many symbolic links"));
    }

    [Test]
    public async Task Read_ALargeFile_KeepsBothEnds()
    {
        await File.WriteAllTextAsync(Path.Combine(Workspace, "large"), string.Concat(Enumerable.Range(0, 10000).Select(n => $"{n}\n")));

        var outcome = await RunAsync("read", "large");

        Assert.That(outcome.TruncatedBytes, Is.EqualTo(48890 - 1000));
        Assert.That(outcome.Content, Does.StartWith("0\n1\n").And.EndWith("9998\n9999\n"));
    }

    [Test]
    public async Task Read_ANamedPipe_DoesNotBlockTheRun()
    {
        using var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(Workspace, "pipe")]);
        await make.WaitForExitAsync();

        Assert.That((await RunAsync("read", "pipe")).Content, Does.Contain("did not answer in time"));

        // Lets the abandoned reader end.
        await File.WriteAllTextAsync(Path.Combine(Workspace, "pipe"), "");
    }

    [TestCase("read", "missing", "There is no file")]
    [TestCase("list", "missing", "There is no folder")]
    [TestCase("delete", "missing", "There is nothing")]
    [TestCase("delete", ".", "cannot be deleted")]
    [TestCase("read", ".", "is a folder")]
    [TestCase("write", ".", "is a folder")]
    [TestCase("move", "x", "There is no operation 'move'")]
    public async Task Operation_CannotBeDone_SaysWhy(string operation, string path, string expected)
    {
        var outcome = await RunAsync(operation, path, "x");

        Assert.That(outcome.End, Is.EqualTo(ToolEnd.Failed));
        Assert.That(outcome.Content, Does.Contain(expected));
    }

    [Test]
    public async Task Write_WithoutContent_IsRefused() => Assert.That((await RunAsync("write", "x")).Content, Does.Contain("'content'"));

    private async Task<ToolOutcome> RunAsync(string operation, string path, string? content = null)
    {
        var arguments = new Dictionary<string, string> { ["operation"] = operation, ["path"] = path };
        if (content is not null)
        {
            arguments["content"] = content;
        }

        return await new FilesTool(Workspace).RunAsync(
            new ToolInvocation { Arguments = JsonSerializer.SerializeToElement(arguments), Timeout = TimeSpan.FromSeconds(2), MaxOutputBytes = 1000 },
            CancellationToken.None);
    }
}
