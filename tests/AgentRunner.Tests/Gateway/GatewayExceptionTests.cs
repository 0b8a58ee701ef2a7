using AgentOperator.Protocol;
using AgentRunner.Gateway;

namespace AgentRunner.Tests.Gateway;

[TestFixture]
internal sealed class GatewayExceptionTests
{
    [TestCase(429, ErrorCodes.TooManyRequests, true)]
    [TestCase(408, ErrorCodes.BodyTimeout, true)]
    [TestCase(409, ErrorCodes.CallInProgress, true)]
    [TestCase(409, ErrorCodes.SequenceConflict, false)]
    [TestCase(413, ErrorCodes.RecordTooLarge, false)]
    [TestCase(500, ErrorCodes.InternalError, true)]
    [TestCase(500, ErrorCodes.JournalBroken, false)]
    [TestCase(503, "OfANewerGateway", true)]
    [TestCase(422, "OfANewerGateway", false)]
    [TestCase(502, "", true)]
    [TestCase(404, "", false)]
    public void IsTransient_OfAnAnswer_SaysWhetherToAskAgain(int status, string code, bool expected) =>
        Assert.That(new GatewayException(new ProtocolError { Status = status, Code = code, Detail = "" }).IsTransient, Is.EqualTo(expected));
}
