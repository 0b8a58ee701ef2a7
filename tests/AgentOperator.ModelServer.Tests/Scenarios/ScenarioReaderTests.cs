using AgentOperator.ModelServer.Scenarios;

namespace AgentOperator.ModelServer.Tests.Scenarios;

internal sealed class ScenarioReaderTests
{
    [TestCase("{command: ls -l}", """{"command":"ls -l"}""")]
    [TestCase("{}", "{}")]
    [TestCase("""{n: 1, f: -2.5, yes: true, none: null, text: "1", list: [1, a, {b: []}]}""",
        """{"n":1,"f":-2.5,"yes":true,"none":null,"text":"1","list":[1,"a",{"b":[]}]}""")]
    [TestCase("{text: \"a<b>'ü\"}", """{"text":"a<b>'ü"}""")]
    [TestCase("{zip: 01234, version: 1.2.3}", """{"zip":"01234","version":"1.2.3"}""")]
    [TestCase("'{\"cut\": '", "{\"cut\": ")]
    public void Read_Arguments_AreJsonWithJsonTypesOrTheRawString(string yaml, string expected)
    {
        var scenario = ScenarioReader.Read("s", $"steps: [{{toolCalls: [{{name: t, arguments: {yaml}}}]}}]");

        Assert.That(scenario.Steps[0].ToolCalls[0].Arguments.Text, Is.EqualTo(expected));
    }

    [Test]
    public void Read_Repeat_CountsAsManySteps()
    {
        var scenario = ScenarioReader.Read("s", "steps: [{text: a}, {text: b, repeat: 3}, {text: c}]");

        Assert.That(scenario.StepCount, Is.EqualTo(5));
        Assert.That(Enumerable.Range(0, 6).Select(step => scenario.StepAt(step)?.Text), Is.EqualTo(new[] { "a", "b", "b", "b", "c", null }));
    }

    [TestCase("", "is empty")]
    [TestCase("description: none", "has no steps")]
    [TestCase("steps: [", "line")]
    [TestCase("steps:\n- text: a\n- txt: b", "line 3")]
    [TestCase("steps: [{delayMs: 1}]", "needs text, toolCalls or raw")]
    [TestCase("steps: [{text: a, repeat: 0}]", "repeat is at least 1")]
    [TestCase("steps: [{text: a, delayMs: -1}]", "delayMs is not negative")]
    [TestCase("steps: [{text: a, usage: {prompt: -1}}]", "usage is not negative")]
    [TestCase("steps: [{toolCalls: [{id: x}]}]", "needs a name")]
    [TestCase("steps: [{text: a, quirks: [bogus]}]", "Bogus")]
    [TestCase("steps: [{text: 'a {{bogus}}'}]", "{{bogus}} is not known")]
    [TestCase("steps: [{toolCalls: [{name: t, arguments: {a: '{{bogus}}'}}]}]", "{{bogus}} is not known")]
    [TestCase("steps: [{toolCalls: [{name: t, arguments: {a: 1, a: 2}}]}]", "given twice")]
    [TestCase("steps: [{toolCalls: [{name: t, arguments: [1]}]}]", "mapping or a string")]
    [TestCase("steps:\n- toolCalls:\n  - name: t\n    arguments:\n      a: &x 1\n      b: *x\n", "no anchors and aliases")]
    [TestCase("steps: [{quirks: [argumentsAsObject], toolCalls: [{name: t, arguments: 'no json'}]}]", "needs arguments that are JSON")]
    [TestCase("steps: [{text: a, faults: [{times: 2}]}]", "exactly one of")]
    [TestCase("steps: [{text: a, faults: [{drop: true, malformed: true}]}]", "exactly one of")]
    [TestCase("steps: [{text: a, faults: [{status: 200}]}]", "between 400 and 599")]
    [TestCase("steps: [{text: a, faults: [{drop: true, retryAfterSeconds: 1}]}]", "need a status")]
    [TestCase("steps: [{text: a, faults: [{drop: true, times: 0}]}]", "times is at least 1")]
    public void Read_UnplayableScenario_SaysWhereAndWhy(string yaml, string part)
    {
        var error = Assert.Throws<ScenarioFormatException>(() => ScenarioReader.Read("s", yaml));

        Assert.That(error!.Message, Does.Contain("'s'").And.Contain(part));
    }
}
