namespace AgentOperator.ProtocolConformance.Runners;

/// <summary>A runner to put through the protocol: a command of this machine, or an image.</summary>
/// <param name="Name">What tests call it.</param>
/// <param name="Command">The program and its arguments; empty for an image.</param>
/// <param name="Image">The image; null for a command.</param>
internal sealed record RunnerUnderTest(string Name, IReadOnlyList<string> Command, string? Image = null)
{
    private const string ImageVariable = "CONFORMANCE_RUNNER_IMAGE";
    private const string CommandVariable = "CONFORMANCE_RUNNER_COMMAND";
    private const string PythonExample = "examples/runner-python/runner.py";

    /// <summary>The runner that is delivered, from the same build as the tests.</summary>
    public static RunnerUnderTest CSharp => new("C#", ["dotnet", RunnerLibrary()]);

    /// <summary>The example.</summary>
    public static RunnerUnderTest Python => new("Python", ["python3", Repository.PathOf(PythonExample)]);

    /// <summary>The example with one mistake.</summary>
    public static RunnerUnderTest Wrong(string mistake) => new(
        mistake, ["python3", Repository.PathOf("tests/AgentOperator.ProtocolConformance/WrongRunner/wrong_runner.py"), mistake]);

    /// <summary>The one that make conformance names, or those of this repository.</summary>
    public static IReadOnlyList<RunnerUnderTest> Chosen =>
        Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } image ? [new RunnerUnderTest(image, [], image)]
        : Environment.GetEnvironmentVariable(CommandVariable) is { Length: > 0 } command
            ? [new RunnerUnderTest(command, ["/bin/sh", "-c", $"exec {command}"])]
        : [CSharp, Python];

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The runner's own output folder: in that of the tests the web framework stands in for some of its libraries.</summary>
    private static string RunnerLibrary()
    {
        // <root>/tests/AgentOperator.ProtocolConformance/bin/<configuration>/<framework>/
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Repository.PathOf($"runner/AgentRunner/bin/{here.Parent!.Name}/{here.Name}/AgentRunner.dll");
    }
}
