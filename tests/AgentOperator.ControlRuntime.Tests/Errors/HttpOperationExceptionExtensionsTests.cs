using System.Net;
using k8s.Autorest;

namespace AgentOperator.ControlRuntime.Tests.Errors;

internal sealed class HttpOperationExceptionExtensionsTests
{
    private const string AlreadyExists = """{"kind":"Status","reason":"AlreadyExists","message":"pods \"a\" already exists","code":409}""";

    [Test]
    public void AlreadyExistsAndConflict_AreToldApartByReason()
    {
        var exists = Make(HttpStatusCode.Conflict, AlreadyExists);
        var conflict = Make(HttpStatusCode.Conflict, """{"kind":"Status","reason":"Conflict"}""");

        Assert.Multiple(() =>
        {
            Assert.That((exists.IsAlreadyExists(), exists.IsConflict()), Is.EqualTo((true, false)));
            Assert.That((conflict.IsAlreadyExists(), conflict.IsConflict()), Is.EqualTo((false, true)));
        });
    }

    [Test]
    public void Codes_AreRecognised()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Make(HttpStatusCode.NotFound, "").IsNotFound());
            Assert.That(Make(HttpStatusCode.Gone, "").IsGone());
            Assert.That(Make(HttpStatusCode.TooManyRequests, "").IsTooManyRequests());
            Assert.That(Make(HttpStatusCode.Forbidden, "").IsForbidden());
            Assert.That(Make(HttpStatusCode.UnprocessableEntity, "").IsInvalid());
            Assert.That(Make(HttpStatusCode.NotFound, "").IsGone(), Is.False);
        });
    }

    [TestCase(HttpStatusCode.TooManyRequests, true)]
    [TestCase(HttpStatusCode.InternalServerError, true)]
    [TestCase(HttpStatusCode.GatewayTimeout, true)]
    [TestCase(HttpStatusCode.RequestTimeout, true)]
    [TestCase(HttpStatusCode.Forbidden, false)]
    [TestCase(HttpStatusCode.Conflict, false)]
    public void IsTransient_Code_TrueWhenARetryMayHelp(HttpStatusCode code, bool transient) =>
        Assert.That(Make(code, "").IsTransient(), Is.EqualTo(transient));

    [TestCase(HttpStatusCode.BadRequest, true)]
    [TestCase(HttpStatusCode.RequestEntityTooLarge, true)]
    [TestCase(HttpStatusCode.UnsupportedMediaType, true)]
    [TestCase(HttpStatusCode.UnprocessableEntity, true)]
    [TestCase(HttpStatusCode.Unauthorized, false)]
    [TestCase(HttpStatusCode.Forbidden, false)]
    [TestCase(HttpStatusCode.NotFound, false)]
    [TestCase(HttpStatusCode.RequestTimeout, false)]
    [TestCase(HttpStatusCode.Conflict, false)]
    [TestCase(HttpStatusCode.Gone, false)]
    [TestCase(HttpStatusCode.TooManyRequests, false)]
    [TestCase(HttpStatusCode.InternalServerError, false)]
    public void IsRefusedForGood_Code_TrueWhenARetryCannotHelp(HttpStatusCode code, bool forGood) =>
        Assert.That(Make(code, "").IsRefusedForGood(), Is.EqualTo(forGood));

    [Test]
    public void IsNamespaceTerminating_Cause_IsRead()
    {
        var content =
            """{"kind":"Status","reason":"Forbidden","details":{"causes":[{"reason":"NamespaceTerminating","field":"metadata.namespace"}]}}""";

        Assert.Multiple(() =>
        {
            Assert.That(Make(HttpStatusCode.Forbidden, content).IsNamespaceTerminating());
            Assert.That(Make(HttpStatusCode.Forbidden, """{"details":null}""").IsNamespaceTerminating(), Is.False);
        });
    }

    [TestCase("<html>Bad Gateway</html>")]
    [TestCase("")]
    [TestCase("[]")]
    [TestCase("\"text\"")]
    public void Reason_AnswerIsNoStatus_IsEmptyAndTheMessageIsTheExceptions(string content)
    {
        var exception = Make(HttpStatusCode.BadGateway, content);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Reason(), Is.Empty);
            Assert.That(exception.StatusMessage(), Is.EqualTo("test"));
        });
    }

    [TestCase("""{"message":"half \ud83c of it","reason":"\udf89"}""", @"""half \ud83c of it""")]
    public void StatusMessage_HalfACharacter_IsReadWithoutAnError(string content, string expected)
    {
        var exception = Make(HttpStatusCode.Forbidden, content);

        Assert.Multiple(() =>
        {
            Assert.That(exception.StatusMessage(), Is.EqualTo(expected));
            Assert.That(exception.Summary(), Does.EndWith($": {expected}"));
        });
    }

    [Test]
    public void NoResponseAtAll_AnswersNo()
    {
        var exception = new HttpOperationException("test");

        Assert.Multiple(() =>
        {
            Assert.That(exception.IsNotFound(), Is.False);
            Assert.That(exception.IsRefusedForGood(), Is.False);
            Assert.That(exception.IsTransient(), Is.False);
            Assert.That(exception.RetryAfter(), Is.Null);
        });
    }

    [Test]
    public void RetryAfter_HeaderInSeconds_IsRead()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.Add("Retry-After", "7");

        var exception = new HttpOperationException("test") { Response = new HttpResponseMessageWrapper(response, "") };

        Assert.That(exception.RetryAfter(), Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Summary_InvalidObject_NamesTheFieldAndNotItsValue()
    {
        var content = """
            {"kind":"Status","reason":"Invalid","message":"spec.task: Invalid value: \"my secret prompt\"",
             "details":{"causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \"my secret prompt\"","field":"spec.task"}]}}
            """;

        var summary = Make(HttpStatusCode.UnprocessableEntity, content).Summary();

        Assert.Multiple(() =>
        {
            Assert.That(summary, Is.EqualTo("422 Invalid: spec.task (FieldValueInvalid)"));
            Assert.That(Make(HttpStatusCode.Conflict, AlreadyExists).Summary(), Is.EqualTo("409 AlreadyExists: pods \"a\" already exists"));
        });
    }

    private static HttpOperationException Make(HttpStatusCode code, string content)
    {
        using var response = new HttpResponseMessage(code);
        return new HttpOperationException("test") { Response = new HttpResponseMessageWrapper(response, content) };
    }
}
