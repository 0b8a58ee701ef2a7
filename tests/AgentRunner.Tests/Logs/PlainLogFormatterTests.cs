using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AgentOperator.Hosting;
using AgentOperator.Protocol;
using AgentOperator.Testing;
using AgentRunner.Exits;
using AgentRunner.Logs;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Parsing;

namespace AgentRunner.Tests.Logs;

/// <summary>
/// What servers and models say ends in the runner's log and termination message: as bounded text that no terminal takes for a command.
/// </summary>
internal sealed class PlainLogFormatterTests
{
    private const int Seeds = 300;

    [Test]
    public void Log_AnyPropertyAndException_IsPlainAndBounded([Values] LogFormat format)
    {
        ITextFormatter inner = format == LogFormat.Json ? new RenderedCompactJsonFormatter() : new TextLogFormatter();
        foreach (var (seed, text) in Texts())
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
            new PlainLogFormatter(inner).Format(
                new LogEvent(
                    DateTimeOffset.UnixEpoch, LogEventLevel.Error, new IOException(text), new MessageTemplateParser().Parse("said {What:l}"),
                    [new LogEventProperty("What", new ScalarValue(text))]),
                output);
            var written = output.ToString();

            AssertPlain(written, 80 * 1024, seed);
            Assert.That(written, Does.EndWith("\n"), $"seed {seed}");
            if (format == LogFormat.Json)
            {
                Assert.That(written.TrimEnd('\n'), Does.Not.Contain("\n"), $"seed {seed}");
                AssertPlain((string)JsonNode.Parse(written)!["What"]!, PlainLogFormatter.MaxTextBytes, seed);
            }
        }
    }

    [Test]
    public void TerminationMessage_AnyText_IsPlainAndBounded()
    {
        var path = Path.GetTempFileName();
        try
        {
            foreach (var (seed, text) in Texts())
            {
                Assert.That(TerminationMessage.TryWrite(path, new RunnerExit(RunnerExitCodes.Error, TerminationReasons.InternalError, text)));
                var written = File.ReadAllText(path);

                AssertPlain(written, TerminationReport.MaxBytes, seed);
                AssertPlain(TerminationReport.Read(written)!.Message!, TerminationReport.MaxBytes, seed);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<(int Seed, string Text)> Texts() => Enumerable.Range(1, Seeds).Select(seed => (seed, AnyText.Of(seed)));

    private static void AssertPlain(string text, int maxBytes, int seed)
    {
        Assert.That(TerminalControls.In(text), Is.Empty, $"seed {seed}");
        Assert.That(Encoding.UTF8.GetByteCount(text), Is.LessThanOrEqualTo(maxBytes), $"seed {seed}");
    }
}
