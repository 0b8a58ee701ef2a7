using AgentOperator.ControlRuntime;
using AgentOperator.Integration.Support;
using k8s;
using k8s.Models;

namespace AgentOperator.Integration.ControlRuntime;

internal sealed class EventTests
{
    private TestNamespace _namespace = null!;
    private RuntimeHost _host = null!;
    private V1ObjectReference _regarding = null!;

    [SetUp]
    public async Task SetUp()
    {
        _namespace = await ControlPlane.CreateNamespaceAsync();
        _host = await RuntimeHost.StartAsync(_ => { }, options => options.EventSeriesInterval = TimeSpan.FromMilliseconds(200));
        _regarding = new V1ObjectReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "a", NamespaceProperty = _namespace.Name, Uid = "uid-a" };
    }

    [TearDown]
    public async Task TearDown()
    {
        await _host.DisposeAsync();
        await _namespace.DisposeAsync();
    }

    [Test]
    public async Task Record_Repeated_IsOneEventWithASeries()
    {
        for (var i = 0; i < 5; i++)
        {
            Record("Retry", $"try {i}");
        }

        await Soon.BeTrueAsync(async () => await EventsAsync() is [{ Series.Count: 5 }], "one event that counts five");
        Assert.That((await EventsAsync())[0].Note, Is.EqualTo("try 0"));
    }

    [Test]
    public async Task Record_TextsAtTheLimits_TheServerTakesThem()
    {
        Record(new string('R', 300), new string('é', 3000));

        await Soon.BeTrueAsync(async () => (await EventsAsync()).Count == 1, "the event");
    }

    [Test]
    public async Task Record_Event_IsWhatKubectlShows()
    {
        Record("OutOfMemory", "killed at 512Mi");

        await Soon.BeTrueAsync(async () => (await EventsAsync()).Count == 1, "the event");
        var shown = await ControlPlane.KubectlAsync("get", "events", "-n", _namespace.Name);
        Assert.That(shown, Does.Match("Warning +OutOfMemory +configmap/a +killed at 512Mi"));
    }

    private void Record(string reason, string note) => _host.Get<IEventRecorder>().Record(_regarding, "Warning", reason, "Restart", note);

    private async Task<IList<Eventsv1Event>> EventsAsync() => (await ControlPlane.Client.EventsV1.ListNamespacedEventAsync(_namespace.Name)).Items;
}
