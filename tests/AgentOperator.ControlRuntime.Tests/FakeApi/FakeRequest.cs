namespace AgentOperator.ControlRuntime.Tests.FakeApi;

/// <summary>A request that the fake server saw.</summary>
internal sealed record FakeRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, string ContentType, string Accept, string Body)
{
    public bool IsWatch => Query.GetValueOrDefault("watch") == "true";

    /// <summary>Whether it is a watch that begins with the current objects.</summary>
    public bool IsStream => IsWatch && Query.GetValueOrDefault("sendInitialEvents") == "true";

    /// <summary>Whether the client asks for metadata only.</summary>
    public bool IsPartial => Accept.Contains("as=PartialObjectMetadata", StringComparison.Ordinal);

    public bool IsList => Method == "GET" && !IsWatch;
}
