using AgentRunner.Logs;
using Serilog.Events;
using Serilog.Parsing;

namespace AgentRunner.Tests.Logs;

internal sealed class TextLogFormatterTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 26, 3, 4, 5, 6, TimeSpan.FromHours(2));

    [TestCase(LogEventLevel.Information, "2026-11-26T01:04:05.006Z INFO  said a b c\n")]
    [TestCase(LogEventLevel.Warning, "2026-11-26T01:04:05.006Z WARN  said a b c\n")]
    [TestCase(LogEventLevel.Fatal, "2026-11-26T01:04:05.006Z ERROR said a b c\n")]
    public void Event_WithLineBreaksInAProperty_IsOneLine(LogEventLevel level, string expected) =>
        Assert.That(Format(level, null), Is.EqualTo(expected));

    [Test]
    public void Event_WithAnException_ShowsItBelow() =>
        Assert.That(
            Format(LogEventLevel.Error, new IOException("disk full")),
            Is.EqualTo("2026-11-26T01:04:05.006Z ERROR said a b c\nSystem.IO.IOException: disk full\n"));

    private static string Format(LogEventLevel level, Exception? exception)
    {
        var template = new MessageTemplateParser().Parse("said {What:l}");
        using var output = new StringWriter { NewLine = "\n" };
        new TextLogFormatter()
            .Format(new LogEvent(Time, level, exception, template, [new LogEventProperty("What", new ScalarValue("a\nb\r\nc"))]), output);
        return output.ToString();
    }
}
