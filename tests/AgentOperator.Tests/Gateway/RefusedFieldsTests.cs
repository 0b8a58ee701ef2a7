using System.Text;
using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class RefusedFieldsTests
{
    private const string Request =
        """
        {"model":"m","reasoning":1,"messages":[{"role":"user","content":"é","reasoning":"u"},{"role":"assistant","content":"x","reasoning":"r","reasoning_details":[{"a":1.50}],"tool_calls":[{"id":"a","index":0,"function":{"name":"f","arguments":"{}","sig":"s"}}]}]}
        """;

    [TestCase("'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning' is unsupported, did you mean 'role'?)]", "\"reasoning\":\"r\",")]
    [TestCase("{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"messages\",1,\"assistant\",\"reasoning_details\"]}]}", "\"reasoning_details\":[{\"a\":1.50}],")]
    [TestCase("Unknown parameter: 'messages[1].tool_calls[0].index'.", "\"index\":0,")]
    [TestCase("Additional properties are not allowed ('sig' was unexpected)", ",\"sig\":\"s\"")]
    public void Without_ErrorNamesAField_IsTheRequestWithoutIt(string error, string removed) => Assert.That(
        Encoding.UTF8.GetString(RefusedFields.Without(Encoding.UTF8.GetBytes(Request), Encoding.UTF8.GetBytes(error))!.Value.Span),
        Is.EqualTo(Request.Replace(removed, "", StringComparison.Ordinal)));

    [TestCase("messages[1].reasoning_details must be passed back")]
    [TestCase("the content of role assistant is not supported")]
    [TestCase("unknown model")]
    [TestCase("")]
    public void Without_ErrorNamesNoFieldOfAProvider_IsNothing(string error) =>
        Assert.That(RefusedFields.Without(Encoding.UTF8.GetBytes(Request), Encoding.UTF8.GetBytes(error)), Is.Null);
}
