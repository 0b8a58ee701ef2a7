namespace AgentOperator.ProtocolConformance.Runners;

/// <summary>What a pod mounts for its runner: the token, the workspace, and the file for the report.</summary>
internal sealed class RunnerFolder : IDisposable
{
    private const UnixFileMode Anyone = (UnixFileMode)0b111_111_111;
    private const UnixFileMode AnyoneMayWrite = (UnixFileMode)0b110_110_110;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("conformance-");

    public RunnerFolder()
    {
        // The runner of an image is another user.
        foreach (var folder in (ReadOnlySpan<string>)[_root.FullName, Directory.CreateDirectory(TokenFolder).FullName,
            Directory.CreateDirectory(Workspace).FullName])
        {
            File.SetUnixFileMode(folder, Anyone);
        }

        File.WriteAllBytes(Report, []);
        File.SetUnixFileMode(Report, AnyoneMayWrite);
    }

    public string TokenFolder => Path.Combine(_root.FullName, "token");

    public string TokenFile => Path.Combine(TokenFolder, "token");

    public string Workspace => Path.Combine(_root.FullName, "workspace");

    public string Report => Path.Combine(_root.FullName, "termination-log");

    /// <summary>Lines of a file in the workspace; none when there is no such file.</summary>
    public IReadOnlyList<string> Lines(string file) =>
        File.Exists(Path.Combine(Workspace, file)) ? File.ReadAllLines(Path.Combine(Workspace, file)) : [];

    /// <summary>Replaces the token as the kubelet does: in one step.</summary>
    public void WriteToken(string token)
    {
        var next = Path.Combine(TokenFolder, "next");
        File.WriteAllText(next, token);
        File.Move(next, TokenFile, overwrite: true);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
