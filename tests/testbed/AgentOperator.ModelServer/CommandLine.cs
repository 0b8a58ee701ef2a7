namespace AgentOperator.ModelServer;

/// <summary>The options of the executable.</summary>
internal static class CommandLine
{
    public const string Help = """
        An OpenAI-compatible model server that plays scenario files and logs every call.

        Usage: AgentOperator.ModelServer [options]

          --urls URLS          Addresses to listen on, separated by ';'. Default: http://0.0.0.0:8080
          --scenarios DIR      Folder of <model name>.yaml files. Env MODEL_SCENARIOS. Default: the scenarios beside the executable
          --api-key KEY        Bearer key that /v1 requires. Env MODEL_API_KEY, which other processes cannot read. Default: none
          --log FILE           Keep the call log in this file, across restarts. Default: in memory
          --effects-log FILE   Keep the effect ledger in this file, across restarts. Default: in memory
          --effects-url URL    What {{effects}} in scenarios becomes. Default: this server's own address
          --help               This text

        Endpoints: POST /v1/chat/completions, GET /v1/models, GET /healthz, PUT /scenarios/<name>,
          GET /log, GET /log/summary (?scenario=, ?run=), DELETE /log,
          POST /effects/<name> (key, run, note; ?failAfter=true), GET /effects[/<name>] (?run=), DELETE /effects
        """;

    /// <summary>The options that the arguments and the environment give; null when the help is asked for.</summary>
    /// <exception cref="CommandLineException">An argument is unknown or has no value, or a value is not valid.</exception>
    public static ModelServerOptions? Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = new ModelServerOptions { Urls = "http://0.0.0.0:8080", ApiKey = NotEmpty(environment("MODEL_API_KEY")) };
        if (NotEmpty(environment("MODEL_SCENARIOS")) is { } folder)
            options = options with { ScenariosDirectory = folder };
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (arguments[i] is "--help" or "-h")
                return null;
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            options = Apply(options, arguments[i], value);
        }

        if (!Directory.Exists(options.ScenariosDirectory))
            throw new CommandLineException($"The folder of scenarios does not exist: {options.ScenariosDirectory}");
        return options;
    }

    private static ModelServerOptions Apply(ModelServerOptions options, string name, string? value)
    {
        string Value() => NotEmpty(value) ?? throw new CommandLineException($"{name} needs a value.");
        return name switch
        {
            "--urls" => options with { Urls = Value() },
            "--scenarios" => options with { ScenariosDirectory = Value() },
            "--api-key" => options with { ApiKey = Value() },
            "--log" => options with { LogFile = Value() },
            "--effects-log" => options with { EffectsFile = Value() },
            "--effects-url" when Uri.TryCreate(Value(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" =>
                options with { EffectsUrl = value },
            "--effects-url" => throw new CommandLineException("--effects-url needs an absolute http address."),
            _ => throw new CommandLineException($"The option {name} is not known; --help lists them all."),
        };
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
