using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;

namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class InitialReadsTests
{
    // NUnit needs public signatures, and the enum is internal: true is a list for good.
    [TestCase(HttpStatusCode.BadRequest, true)]
    [TestCase(HttpStatusCode.UnprocessableEntity, true)]
    [TestCase(HttpStatusCode.MethodNotAllowed, true)]
    [TestCase(HttpStatusCode.Unauthorized, false)]
    [TestCase(HttpStatusCode.Forbidden, false)]
    [TestCase(HttpStatusCode.NotFound, false)]
    [TestCase(HttpStatusCode.Gone, false)]
    [TestCase(HttpStatusCode.TooManyRequests, false)]
    [TestCase(HttpStatusCode.InternalServerError, false)]
    [TestCase(HttpStatusCode.GatewayTimeout, false)]
    public void AfterFailedStream_Status_ListsForGoodOnlyWhenTheRequestWasRefused(HttpStatusCode status, bool forGood)
    {
        using var response = new HttpResponseMessage(status);
        var failure = new HttpOperationException { Response = new HttpResponseMessageWrapper(response, "") };

        Assert.That(InitialReads.AfterFailedStream(failure), Is.EqualTo(forGood ? InitialRead.List : InitialRead.ListOnce));
    }

    [Test]
    public void AfterFailedStream_OtherFailures_ListOnceUnlessTheStreamWasIgnored() => Assert.Multiple(() =>
    {
        Assert.That(InitialReads.AfterFailedStream(new StreamIgnoredException("")), Is.EqualTo(InitialRead.List));
        Assert.That(InitialReads.AfterFailedStream(new WatchBrokenException("")), Is.EqualTo(InitialRead.ListOnce));
        Assert.That(InitialReads.AfterFailedStream(new ResourceExpiredException("")), Is.EqualTo(InitialRead.ListOnce));
        Assert.That(InitialReads.AfterFailedStream(new HttpRequestException("")), Is.EqualTo(InitialRead.ListOnce));
    });

    [Test]
    public void AfterList_StreamsAgainOnlyAfterOneList() => Assert.Multiple(() =>
    {
        Assert.That(InitialReads.AfterList(InitialRead.ListOnce), Is.EqualTo(InitialRead.Stream));
        Assert.That(InitialReads.AfterList(InitialRead.List), Is.EqualTo(InitialRead.List));
    });

    [Test]
    public async Task InitialEvents_ChangesBeforeTheEnd_AreInTheirObjects()
    {
        var initial = new InitialEvents<Widget>(new ObjectReader<Widget>(Widget.Definition, null, null));

        await initial.ReadAsync(Events(
            (WatchEventType.Added, Named("a", 1)),
            (WatchEventType.Added, Named("b", 1)),
            (WatchEventType.Bookmark, """{"metadata":{"resourceVersion":"7"}}"""),
            (WatchEventType.Bookmark, """{"metadata":{"resourceVersion":"7","annotations":{"k8s.io/initial-events-end":"false"}}}"""),
            (WatchEventType.Modified, Named("a", 2)),
            (WatchEventType.Deleted, Named("b", 1)),
            (WatchEventType.Added, """{"metadata":{}}"""),
            (WatchEventType.Bookmark, """{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}"""),
            (WatchEventType.Added, Named("later", 1))).GetAsyncEnumerator());

        Assert.That(initial.Version, Is.EqualTo("9"));
        Assert.That(
            initial.Objects.Select(read => (read.Key?.Name, read.Value?.Spec.Size)), Is.EqualTo(new[] { ("a", 2), ((string?)null, (int?)null) }));
    }

    [Test]
    public async Task InitialEvents_EndWithoutAVersion_IsBroken()
    {
        var initial = new InitialEvents<Widget>(new ObjectReader<Widget>(Widget.Definition, null, null));
        var events = Events((WatchEventType.Bookmark, """{"metadata":{"annotations":{"k8s.io/initial-events-end":"true"}}}"""));

        await Assert.ThrowsAsync<WatchBrokenException>(() => initial.ReadAsync(events.GetAsyncEnumerator()));
    }

    private static string Named(string name, int size)
    {
        var widget = Widget.Json(size);
        widget["metadata"]!["name"] = name;
        return widget.ToJsonString();
    }

    private static async IAsyncEnumerable<WatchEvent> Events(params (WatchEventType Type, string Json)[] events)
    {
        await Task.CompletedTask;
        foreach (var (type, json) in events)
        {
            using var document = JsonDocument.Parse(json);
            yield return new WatchEvent(type, document.RootElement.Clone());
        }
    }
}
