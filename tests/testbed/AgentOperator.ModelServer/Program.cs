using AgentOperator.ModelServer;

// 64 is the exit code of a wrong command line (EX_USAGE).
const int Usage = 64;

ModelServerOptions? options;
try
{
    options = CommandLine.Parse(args, Environment.GetEnvironmentVariable);
}
catch (CommandLineException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return Usage;
}

if (options is null)
{
    await Console.Out.WriteLineAsync(CommandLine.Help);
    return 0;
}

await using var app = ModelServerApp.Build(options, logging =>
{
    logging.AddJsonConsole(json =>
    {
        json.TimestampFormat = "O";
        json.UseUtcTimestamp = true;
    });
    logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
});
await app.RunAsync();
return 0;
