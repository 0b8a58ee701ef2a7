using AgentOperator.Protocol;

namespace AgentOperator.Api.Tests.Validation;

public sealed class HttpUrlTests
{
    [TestCase("http://h:99999/v1", "port 99999 is not in 1..65535")]
    [TestCase("http://h:0/v1", "port 0 is not in 1..65535")]
    [TestCase("http://h:99999999999999/v1", "its port is not in 1..65535")]
    [TestCase("http://h:http/v1", "its port is not a number")]
    [TestCase("http://h:/v1", "has no port after ':'")]
    [TestCase("http://[::1/v1", "the '[' of its host is not closed")]
    [TestCase("http://[h]/v1", "has brackets around something else than an IPv6 address")]
    [TestCase("http://[::1]8080/v1", "has something between its host and its port")]
    [TestCase("http://::1/v1", "has several colons in its host: an IPv6 address must be in brackets")]
    [TestCase("http://me:hidden@h/v1", "must not hold credentials: everyone who can read the object could read them")]
    [TestCase("http:///v1", "has no host")]
    [TestCase("https://", "has no host")]
    [TestCase("http://:8080/v1", "has no host")]
    [TestCase("http://a b/v1", "has a space")]
    [TestCase("http://h/v1\n", "has a control character (U+000A)")]
    [TestCase("http://h\u001B[31m/v1", "has a control character (U+001B)")]
    [TestCase("http://h/\u202Ev1", "has an invisible character (U+202E)")]
    [TestCase("http://good\\@evil/v1", "must not hold credentials: everyone who can read the object could read them")]
    [TestCase("http://good/\\evil", @"has a backslash (\)")]
    [TestCase("http://h/v1#a", "has a fragment (#)")]
    [TestCase("http://%68/v1", "has '%' in its host")]
    [TestCase("http://a,b/v1", "has ',' in its host")]
    [TestCase("http://\u2100/v1", "has U+2100 in its host")]
    [TestCase("http://a..b/v1", "its host is neither a name nor an IP address")]
    [TestCase("ftp://h/v1", "must be an http or https URL")]
    [TestCase("HTTP://h/v1", "must be an http or https URL")]
    [TestCase("h/v1", "must be an http or https URL")]
    [TestCase("", "must be an http or https URL")]
    [TestCase(null, "must be an http or https URL")]
    public void TryParse_CannotBeRequested_NamesThePartAtFault(string? text, string expected)
    {
        Assert.That(HttpUrl.TryParse(text, out _, out var problem), Is.False);
        Assert.That(problem, Is.EqualTo(expected));
    }

    [TestCase("http://h")]
    [TestCase("https://api.example.:65535/v1?a=b@c&d=/e:f")]
    [TestCase("http://10.0.0.1:8080/v1")]
    [TestCase("http://[2001:db8::1]:8080/v1")]
    [TestCase("https://bücher.example/%2Fé")]
    [TestCase("http://model_server.demo.svc/v1")]
    public void TryParse_CanBeRequested_IsTaken(string text) => Assert.That(HttpUrl.TryParse(text, out _, out var problem), problem);

    [TestCase("/other/", "https://api.example/other/")]
    [TestCase("?a", "https://api.example/v1?a")]
    [TestCase("//evil.example/v1", "https://evil.example/v1")]
    [TestCase("http://api.example/v1#top", "http://api.example/v1")]
    [TestCase("http://h:99999/", null)]
    [TestCase("mailto:a@b", null)]
    [TestCase("file:///etc/passwd", null)]
    [TestCase("http://[::1", null)]
    [TestCase("", null)]
    public void Resolve_Location_IsAnAddressOrNone(string location, string? expected) =>
        Assert.That(HttpUrl.Resolve(new Uri("https://api.example/v1"), location)?.AbsoluteUri, Is.EqualTo(expected));
}
