using AgentOperator.Caching;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Caching;

internal sealed class ExpiringCacheTests
{
    private const int Capacity = 100;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private ExpiringCache<int, string> _cache = null!;

    [SetUp]
    public void SetUp() => _cache = new ExpiringCache<int, string>(Capacity, _time);

    [Test]
    public void TryGet_WithinItsLifetime_FindsTheLatestValue()
    {
        _cache.Set(1, "old", Lifetime);
        _time.Advance(Lifetime / 2);
        _cache.Set(1, "new", Lifetime);
        _time.Advance(Lifetime / 2);

        Assert.That(_cache.TryGet(1, out var value) ? value : null, Is.EqualTo("new"));
    }

    [Test]
    public void TryGet_AfterItsLifetime_FindsNothing()
    {
        _cache.Set(1, "value", Lifetime);
        _time.Advance(Lifetime);

        Assert.That(_cache.TryGet(1, out _), Is.False);
    }

    [Test]
    public void Set_Full_KeepsWhatIsThereAndTakesNoMore()
    {
        for (var key = 0; key < 2 * Capacity; key++)
        {
            _cache.Set(key, "value", Lifetime);
        }

        _cache.Set(0, "again", Lifetime);

        Assert.Multiple(() =>
        {
            Assert.That(_cache.Count, Is.EqualTo(Capacity));
            Assert.That(_cache.TryGet(Capacity, out _), Is.False);
            Assert.That(_cache.TryGet(0, out var value) ? value : null, Is.EqualTo("again"));
        });
    }

    [Test]
    public void Set_ManyKeysOverTime_RemovesExpiredEntries()
    {
        var most = 0;
        for (var key = 0; key < 100 * Capacity; key++)
        {
            _cache.Set(key, "value", Lifetime);
            most = Math.Max(most, _cache.Count);
            _time.Advance(Lifetime / 10);
            Assert.That(_cache.TryGet(key, out _), Is.True);
        }

        Assert.That(most, Is.LessThan(Capacity));
    }
}
