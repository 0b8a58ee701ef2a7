using System.Diagnostics;

namespace AgentOperator.ProtocolConformance.Runners;

/// <summary>Runs images with Docker or Podman, as close to the pod as they can.</summary>
internal static class Containers
{
    private const string EngineVariable = "CONFORMANCE_ENGINE";

    /// <summary>The user of the operator's pods, unless it is configured otherwise.</summary>
    private const string User = "65532:65532";

    private static string Engine => Environment.GetEnvironmentVariable(EngineVariable) is { Length: > 0 } engine ? engine : "docker";

    /// <summary>The command that runs an image. The host's network, so that the gateway is where the tests are.</summary>
    public static ProcessStartInfo Run(string image, string name, RunnerFolder folder, IEnumerable<string> variables) => new(
        Engine,
        [
            "run", "--rm", "--name", name, "--network", "host", "--user", User, "--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp",
            "--volume", $"{folder.TokenFolder}:/var/run/agentoperator:ro", "--env", $"{RunnerEnvironment.TokenFile}=/var/run/agentoperator/token",
            "--volume", $"{folder.Workspace}:/workspace", "--env", $"{RunnerEnvironment.Workspace}=/workspace",
            "--volume", $"{folder.Report}:{TerminationReport.Path}",
            .. variables.SelectMany(variable => (string[])["--env", variable]), image,
        ]);

    /// <summary>Sends a signal to a container.</summary>
    public static async Task SignalAsync(string name, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo(Engine, ["kill", "--signal", signal, name]) { RedirectStandardOutput = true })!;
        await kill.WaitForExitAsync();
    }
}
