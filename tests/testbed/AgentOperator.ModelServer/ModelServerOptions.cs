namespace AgentOperator.ModelServer;

/// <summary>What a model server is started with. Every option has a default that suits a server inside a test process.</summary>
public sealed record ModelServerOptions
{
    /// <summary>Addresses to listen on, separated by semicolons. Default: a free port on the loopback address.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>
    /// Folder of <c>&lt;model name&gt;.yaml</c> files. Default: the scenarios that come with the server. Read at each request, so a mounted
    /// ConfigMap may change.
    /// </summary>
    public string ScenariosDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "scenarios");

    /// <summary>Bearer key that <c>/v1</c> requires. Default: null, no key is required.</summary>
    public string? ApiKey { get; init; }

    /// <summary>File of JSON lines that holds the call log and is loaded at the start. Default: null, the log lives in memory.</summary>
    public string? LogFile { get; init; }

    /// <summary>File of JSON lines that holds the effect ledger and is loaded at the start. Default: null, the ledger lives in memory.</summary>
    public string? EffectsFile { get; init; }

    /// <summary>
    /// What <c>{{effects}}</c> in a scenario becomes, without a slash at the end. Default: null, the server's own address and <c>/effects</c>.
    /// </summary>
    public string? EffectsUrl { get; init; }

    /// <summary>The clock of delays, log and ledger. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
