using AgentOperator.Gateway.Models.Answers;

namespace AgentOperator.Tests.Gateway.Answers;

[TestFixture]
internal sealed class TextCallsTests
{
    private static readonly HashSet<string> Tools = ["shell", "files"];

    [TestCase("<tool_call>{\"name\":\"shell\",\"arguments\":{\"a\":1}}</tool_call>", null, "shell {\"a\":1}")]
    [TestCase("<tool_call>\n{\"name\": \"shell\", \"arguments\": \"{}\"}\n", null, "shell {}")]
    [TestCase("Now.\n<tool_call>{\"name\":\"shell\"}</tool_call>\n<tool_call>{\"name\":\"x\"}</tool_call>\n", "Now.", "shell {}; x {}")]
    [TestCase("<function_call>[{\"name\":\"shell\",\"parameters\":{}},{\"function\":{\"name\":\"files\",\"arguments\":{}}}]</function_call>", null, "shell {}; files {}")]
    [TestCase("[TOOL_CALLS][{\"name\":\"shell\",\"arguments\":{}}]", null, "shell {}")]
    [TestCase("<|python_tag|>{\"name\":\"shell\",\"parameters\":{}}", null, "shell {}")]
    [TestCase("<function=shell>{\"a\":1}</function>", null, "shell {\"a\":1}")]
    [TestCase("Now.\n<function=shell>\n{}\n</function>\n<function=x>{}</function>", "Now.", "shell {}; x {}")]
    [TestCase("<tool_calls>[{\"name\":\"shell\",\"arguments\":{}}]</tool_calls>", null, "shell {}")]
    [TestCase("<|tool_call|>[{\"name\":\"shell\",\"arguments\":{}}]<|/tool_call|>", null, "shell {}")]
    [TestCase("I look.\n```json\n{\"name\":\"shell\",\"arguments\":{}}\n```\n", "I look.", "shell {}")]
    [TestCase("{\"name\":\"shell\",\"arguments\":{}}", null, "shell {}")]
    [TestCase("{\"type\":\"function\",\"function\":{\"name\":\"shell\",\"arguments\":{}}}", null, "shell {}")]
    [TestCase("<think><tool_call>no</think>{\"name\":\"shell\",\"arguments\":{}}", "<think><tool_call>no</think>", "shell {}")]
    public void Read_WhatCanOnlyBeACall_IsOne(string text, string? left, string calls)
    {
        var read = TextCalls.Read(text, Tools);

        Assert.That(string.Join("; ", read.Calls.Select(call => $"{call.Name} {call.Arguments}")), Is.EqualTo(calls));
        Assert.That((read.Text, read.Announced), Is.EqualTo((left, false)));
        Assert.That(read.Calls.Select(call => call.Id), Is.Unique.And.All.Not.Empty);
    }

    /// <summary>An answer has megabytes at most, and no shape of it takes long.</summary>
    [TestCase("<tool_call>{", " ")]
    [TestCase("<tool_call>{", "<tool_call>{\n")]
    [TestCase("", "```\n")]
    [TestCase("", "<tool_call>{\"name\":\"shell\"}</tool_call>")]
    [TestCase("", "{}\n")]
    [TestCase("", "\n<")]
    [TestCase("[TOOL_CALLS]", "[")]
    [TestCase("<think>", "</thin")]
    public void Read_LongText_IsReadInNoTime(string start, string repeated)
    {
        var text = start + string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length));
        var started = TimeProvider.System.GetTimestamp();

        TextCalls.Read(text, Tools);

        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [TestCase("<tool_call>{\"name\":\"shell\",\"argum")]
    [TestCase("<tool_call>ls -l</tool_call>")]
    [TestCase("<tool_call>{\"name\":\"shell\"}</tool_call> The result is 3.")]
    [TestCase("<tool_call>{\"arguments\":{}}</tool_call>")]
    [TestCase("<function=shell>\n<parameter=a>\n1\n</parameter>\n</function>")]
    [TestCase("<function=>{}</function>")]
    [TestCase("I look.<\uFF5Ctool\u2581calls\u2581begin\uFF5C><\uFF5Ctool\u2581call\u2581begin\uFF5C>function shell\n```json\n{}\n```")]
    [TestCase("I look.<|tool_calls_section_begin|><|tool_call_begin|>functions.shell:0<|tool_call_argument_begin|>{}<|tool_call_end|>")]
    [TestCase("<|tool_call_start|>[shell(a=1)]<|tool_call_end|>")]
    [TestCase("<function_calls>\n<invoke name=\"shell\">\n<parameter name=\"a\">1</parameter>\n</invoke>\n</function_calls>")]
    [TestCase("<minimax:tool_call>\n<invoke name=\"shell\">\n</invoke>\n</minimax:tool_call>")]
    [TestCase("<|channel|>commentary to=functions.shell <|constrain|>json<|message|>{}")]
    public void Read_MarkedCallThatLeavesDoubt_IsAnnounced(string text)
    {
        var read = TextCalls.Read(text, Tools);

        Assert.That((read.Calls.Count, read.Text, read.Announced), Is.EqualTo((0, text, true)));
    }

    [TestCase("Write it as `<tool_call>{\"name\":\"shell\"}</tool_call>`.")]
    [TestCase("Like this:\n```\n<tool_call>{\"name\":\"shell\"}</tool_call>\n```")]
    [TestCase("The token is written `<|tool_calls_section_begin|>`, in one word.")]
    [TestCase("In C++ write std::vector<function=0>, or a<|b.")]
    [TestCase("{\"name\":\"Ada\",\"arguments\":{}}")]
    [TestCase("{\"name\":\"shell\",\"version\":2}")]
    [TestCase("```json\n{\"name\":\"shell\",\"arguments\":{}}\n```\nThat is how.")]
    [TestCase("```json\n{\"name\":\"shell\",\"arguments\":{},\"description\":\"runs a command\"}\n```")]
    [TestCase("```\na\n```\n{\"x\":1}")]
    [TestCase("<think>never ends <tool_call>{\"name\":\"shell\"}</tool_call>")]
    [TestCase("")]
    [TestCase("[]")]
    public void Read_TextOfAnAnswer_IsNoCall(string text)
    {
        var read = TextCalls.Read(text, Tools);

        Assert.That((read.Calls.Count, read.Text, read.Announced), Is.EqualTo((0, text, false)));
    }
}
