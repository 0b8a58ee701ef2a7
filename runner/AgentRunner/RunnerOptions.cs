using System.Globalization;
using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Logs;
using AgentRunner.Tools.Mcp;

namespace AgentRunner;

/// <summary>The runner's configuration, read from environment variables.</summary>
internal sealed record RunnerOptions
{
    private const int DefaultGraceSeconds = 30;

    /// <summary>The gateway's base address.</summary>
    public required Uri GatewayUrl { get; init; }

    /// <summary>The certificate authority that signs the gateway's certificate, PEM; null trusts the system's.</summary>
    public string? GatewayCa { get; init; }

    /// <summary>The projected token.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The folder that the tools work in.</summary>
    public required string Workspace { get; init; }

    /// <summary>How long the process has after SIGTERM.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>What commands of the shell tool get as environment. The gateway's address and the token's path are not in it.</summary>
    public required IReadOnlyDictionary<string, string> CommandEnvironment { get; init; }

    /// <summary>The roots that the system trusts.</summary>
    public SystemRoots Roots { get; init; } = new(null, null);

    /// <summary>Reads them.</summary>
    /// <param name="variable">Gives a variable's value; null when it is not set.</param>
    /// <exception cref="RunnerException">A variable is missing or cannot be understood; the message names it.</exception>
    public static RunnerOptions Read(Func<string, string?> variable)
    {
        var url = Required(variable, RunnerEnvironment.GatewayUrl, "the gateway's base URL");
        if (!HttpUrl.TryParse(url.TrimEnd('/') + "/", out var gatewayUrl, out var problem))
        {
            throw Invalid($"The URL in the environment variable {RunnerEnvironment.GatewayUrl} cannot be used: {problem}.");
        }

        var workspace = Optional(variable, RunnerEnvironment.Workspace) ?? "/workspace";
        if (!Directory.Exists(workspace))
        {
            throw Invalid($"The workspace folder {workspace} does not exist ({RunnerEnvironment.Workspace}).");
        }

        if (RunnerLog.Parse(variable(RunnerEnvironment.LogFormat)) is null)
        {
            throw Invalid($"The environment variable {RunnerEnvironment.LogFormat} must be text or json.");
        }

        return new RunnerOptions
        {
            GatewayUrl = gatewayUrl,
            GatewayCa = Optional(variable, RunnerEnvironment.GatewayCa),
            TokenFile = Required(variable, RunnerEnvironment.TokenFile, "the path of the projected token"),
            Workspace = workspace,
            Grace = TimeSpan.FromSeconds(GraceSeconds(variable)),
            CommandEnvironment = Commands(variable, workspace),
            Roots = new SystemRoots(Optional(variable, SystemRoots.FileVariable), Optional(variable, SystemRoots.FoldersVariable)),
        };
    }

    private static int GraceSeconds(Func<string, string?> variable)
    {
        if (Optional(variable, RunnerEnvironment.GraceSeconds) is not { } text)
        {
            return DefaultGraceSeconds;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw Invalid($"The environment variable {RunnerEnvironment.GraceSeconds} is not a number of seconds.");
    }

    private static Dictionary<string, string> Commands(Func<string, string?> variable, string workspace)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [RunnerEnvironment.Workspace] = workspace };
        var added = Optional(variable, RunnerEnvironment.CommandVariables)?.Split(',') ?? [];
        foreach (var name in (string[])["PATH", "LANG", "TZ", "TMPDIR", RunnerEnvironment.Attempt, RunnerEnvironment.Run, .. added])
        {
            if (Optional(variable, name) is { } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }

    private static string? Optional(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value ? value : null;

    private static string Required(Func<string, string?> variable, string name, string what) =>
        Optional(variable, name) ?? throw Invalid($"The environment variable {name} ({what}) is not set.");

    private static RunnerException Invalid(string message) => new(RunnerExitCodes.InvalidSpec, TerminationReasons.InvalidEnvironment, message);
}
