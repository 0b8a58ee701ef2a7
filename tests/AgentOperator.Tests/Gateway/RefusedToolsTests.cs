using System.Text;
using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway;

/// <summary>Providers' errors that name a tool, each in its own format.</summary>
[TestFixture]
internal sealed class RefusedToolsTests
{
    private const string Request =
        """{"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"plain"}},{"type":"function","function":{"name":"odd"}},{"function":{"name":"s_rare-1"}},7]}""";

    [TestCase("""{"error":{"message":"Invalid schema for function 'odd': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.","type":"invalid_request_error","param":"tools[1].function.parameters","code":"invalid_function_parameters"}}""", "odd")]
    [TestCase("""{"error":{"message":"Invalid schema for function 's_rare-1': In context=('properties', 'plain'), array schema missing items.","param":null,"code":"invalid_function_parameters"}}""", "s_rare-1")]
    [TestCase("""{"error":{"message":"Invalid 'tools[1].function.name': string does not match pattern.","param":"tools[1].function.name","code":"invalid_value"}}""", "odd")]
    [TestCase("""{"object":"error","message":"[{'type': 'dict_type', 'loc': ('body', 'tools', 2, 'function', 'parameters'), 'msg': 'Input should be a valid dictionary'}]","type":"BadRequestError","code":400}""", "s_rare-1")]
    [TestCase(
        """{"detail":[{"type":"dict_type","loc":["body","tools",1,"function","parameters"],"msg":"Input should be a valid dictionary"}]}""", "odd")]
    [TestCase(
        """{"type":"error","error":{"type":"invalid_request_error","message":"tools.1.custom.input_schema: JSON schema is invalid."}}""", "odd")]
    [TestCase("""[{"error":{"code":400,"message":"* GenerateContentRequest.tools[0].function_declarations[1].parameters.properties: should be non-empty for OBJECT type\n","status":"INVALID_ARGUMENT"}}]""", "odd")]
    [TestCase("""{"error":"tool \"odd\" has an invalid schema"}""", "odd")]
    [TestCase("""{"error":{"message":"tools[0]: bad; tools[2]: bad"}}""", "plain", "s_rare-1")]
    public void Find_AnErrorThatNamesTools_GivesTheirNames(string error, params string[] expected) => Assert.That(Find(error), Is.EqualTo(expected));

    [TestCase(
        """{"error":{"message":"This model's maximum context length is 8192 tokens. Reduce the tools[0].","code":"context_length_exceeded"}}""")]
    [TestCase("""{"error":{"message":"Invalid parameter: messages with role 'tool' must follow a message with 'tool_calls'.","param":"messages.[3].role"}}""")]
    [TestCase("""{"error":{"message":"tool call 'odd' has no answer","param": "messages[4].tool_calls[0]"}}""")]
    [TestCase("""{"error":{"message":"Invalid schema for function 'another'","param":"tools[9].function.parameters"}}""")]
    [TestCase("""{"error":{"message":"Invalid schema for response_format 'odd'"}}""")]
    [TestCase("""{"error":{"message":"bad request"}}""")]
    [TestCase("<html>")]
    [TestCase("")]
    public void Find_AnErrorOfTheWholeRequest_GivesNone(string error) => Assert.That(Find(error), Is.Empty);

    [Test]
    public void Find_InARequestWithoutTools_GivesNone() =>
        Assert.That(RefusedTools.Find("""{"messages":[]}"""u8.ToArray(), """{"error":"tools[0]"}"""u8.ToArray()), Is.Empty);

    private static IReadOnlyList<string> Find(string error) => RefusedTools.Find(Encoding.UTF8.GetBytes(Request), Encoding.UTF8.GetBytes(error));
}
