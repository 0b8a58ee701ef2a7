namespace AgentOperator.ControlRuntime.Tests.FakeApi;

/// <summary>A request that the fake server saw.</summary>
internal sealed record FakeRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, string ContentType, string Body)
{
    public bool IsWatch => Query.GetValueOrDefault("watch") == "true";

    public bool IsList => Method == "GET" && !IsWatch;
}
