using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using AgentRunner.Exits;

namespace AgentRunner.Tests.Exits;

internal sealed class TerminationMessageTests
{
    private string _file = null!;

    [SetUp]
    public void CreateFile() => _file = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(_file);

    [Test]
    public void Write_ReplacesWhatIsThere()
    {
        File.WriteAllText(_file, new string('x', 500));

        Assert.That(TerminationMessage.TryWrite(_file, new RunnerExit(65, TerminationReasons.BudgetExhausted, "Too much.")));
        Assert.That(File.ReadAllText(_file), Is.EqualTo("""{"reason":"BudgetExhausted","message":"Too much."}"""));
    }

    [Test]
    public void Write_ALongMessageOfAnyText_KeepsWhatTheKubeletTakesAndCutsNoCharacter(
        [Values("x", "é", "漢", "🎉", "\u0001", "\"", "\n")] string character, [Range(0, 3)] int offset)
    {
        var said = new string('x', offset) + string.Concat(Enumerable.Repeat(character, 5000));

        TerminationMessage.TryWrite(_file, new RunnerExit(71, TerminationReasons.InternalError, said));

        Assert.That(new FileInfo(_file).Length, Is.InRange(3900, TerminationReport.MaxBytes));
        var read = TerminationReport.Read(File.ReadAllText(_file))!;
        Assert.That(read.Reason, Is.EqualTo(TerminationReasons.InternalError));
        Assert.That(PlainText.Of(said), Does.StartWith(read.Message!));
        Assert.That(read.Message, Does.EndWith(PlainText.Of(character)));
    }

    [Test]
    public void Write_TheFileIsNotThere_IsNoFailureAndMakesNone()
    {
        Assert.That(TerminationMessage.TryWrite(_file + ".missing", new RunnerExit(1, "Error", "x")), Is.False);
        Assert.That(File.Exists(_file + ".missing"), Is.False);
    }
}
