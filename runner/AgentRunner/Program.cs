using System.Runtime.InteropServices;
using AgentOperator.Protocol;
using AgentRunner;
using AgentRunner.Exits;
using AgentRunner.Gateway;
using AgentRunner.Logs;
using AgentRunner.Loop;
using AgentRunner.Tools.Mcp;
using Serilog.Extensions.Logging;

if (args is ["--help" or "-h"])
{
    await Console.Out.WriteLineAsync(Help.Text);
    return RunnerExitCodes.Done;
}

if (args is ["--version"])
{
    await Console.Out.WriteLineAsync(RunnerVersion.Text);
    return RunnerExitCodes.Done;
}

await using var serilog = RunnerLog.Create(RunnerLog.Parse(Environment.GetEnvironmentVariable(RunnerEnvironment.LogFormat)) ?? LogFormat.Text);
using var loggers = new SerilogLoggerFactory(serilog);
var exit = await RunAsync();
var written = TerminationMessage.TryWrite(Environment.GetEnvironmentVariable(RunnerEnvironment.TerminationLog) ?? TerminationReport.Path, exit);
ProgramLog.Exiting(loggers.CreateLogger("AgentRunner"), exit.Code, exit.Reason, exit.Message, written);
return exit.Code;

async Task<RunnerExit> RunAsync()
{
    try
    {
        if (args.Length > 0)
        {
            throw new RunnerException(
                RunnerExitCodes.InvalidSpec, TerminationReasons.InvalidArguments, "The runner takes no arguments except --help and --version.");
        }

        var options = RunnerOptions.Read(Environment.GetEnvironmentVariable);
        if (options.GatewayCa is not null)
        {
            SystemRoots.KeepFromPlatform();
        }

        using var transport = new AuthorizationHandler(new TokenFile(options.TokenFile), GatewayConnection.CreateHandler(options.GatewayCa));
        using var stop = new StopSignal(options.Grace, TimeProvider.System);

        // .NET leaves SIGTERM to the system's default, and process 1 of a container has none.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        return await new Attempt(options, transport, stop, GatewayRetry.DefaultPatience, TimeProvider.System, loggers).RunAsync();
    }
    catch (RunnerException exception)
    {
        return exception.Exit;
    }
    catch (System.Security.Cryptography.CryptographicException exception)
    {
        return new RunnerExit(
            RunnerExitCodes.InvalidSpec, TerminationReasons.InvalidEnvironment,
            $"The environment variable {RunnerEnvironment.GatewayCa} is not a PEM certificate: {exception.Message}");
    }
}

static void Stop(PosixSignalContext context, StopSignal stop)
{
    context.Cancel = true;
    stop.Request(context.Signal.ToString());
}
