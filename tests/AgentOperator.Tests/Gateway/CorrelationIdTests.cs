using AgentOperator.Gateway.Endpoints;
using Microsoft.AspNetCore.Http;

namespace AgentOperator.Tests.Gateway;

internal sealed class CorrelationIdTests
{
    [Test]
    public void Of_CallerSendsATrace_ItsId() =>
        Assert.That(Of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), Is.EqualTo("0af7651916cd43dd8448eb211c80319c"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("no trace \u0001")]
    public void Of_NoUsableTrace_ANewOneOfTheSameForm(string? header)
    {
        string[] ids = [Of(header), Of(header)];

        Assert.That(ids, Is.Unique.And.All.Match("^[0-9a-f]{32}$"));
    }

    private static string Of(string? header)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.TraceParent = header;
        return CorrelationId.Of(request);
    }
}
