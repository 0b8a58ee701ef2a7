using AgentRunner.Exits;

namespace AgentRunner.Tests.Exits;

internal sealed class TerminationMessageTests
{
    private string file = null!;

    [SetUp]
    public void CreateFile() => file = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(file);

    [Test]
    public void Write_ReplacesWhatIsThere()
    {
        File.WriteAllText(file, new string('x', 500));

        Assert.That(TerminationMessage.TryWrite(file, new RunnerExit(65, "BudgetExhausted", "Too much.")));
        Assert.That(File.ReadAllText(file), Is.EqualTo("BudgetExhausted: Too much."));
    }

    [Test]
    public void Write_ALongMessage_KeepsWhatTheKubeletTakes()
    {
        TerminationMessage.TryWrite(file, new RunnerExit(1, "Error", new string('x', 5000)));

        Assert.That(new FileInfo(file).Length, Is.EqualTo(4096));
    }

    [Test]
    public void Write_ALongMessageOfAnyScript_EndsWithAWholeCharacter([Values("é", "漢", "🎉")] string character, [Range(0, 3)] int offset)
    {
        var said = new string('x', offset) + string.Concat(Enumerable.Repeat(character, 3000));

        TerminationMessage.TryWrite(file, new RunnerExit(1, "Error", said));

        Assert.That(File.ReadAllText(file), Does.EndWith(character));
        Assert.That(new FileInfo(file).Length, Is.InRange(4093, 4096));
    }

    [Test]
    public void Write_TheFileIsNotThere_IsNoFailureAndMakesNone()
    {
        Assert.That(TerminationMessage.TryWrite(file + ".missing", new RunnerExit(1, "Error", "x")), Is.False);
        Assert.That(File.Exists(file + ".missing"), Is.False);
    }
}
