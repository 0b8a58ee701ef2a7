using System.Web;

namespace AgentOperator.Testing.FakeApi;

/// <summary>A request that the fake server gets.</summary>
internal sealed record FakeRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, string ContentType, string Accept, string Body)
{
    /// <summary>What the request is about; null when the server has no such path.</summary>
    public FakePath? Target { get; } = FakePath.Parse(Path);

    public bool IsWatch => Query.GetValueOrDefault("watch") == "true";

    /// <summary>Whether it is a watch that begins with the current objects.</summary>
    public bool IsStream => IsWatch && Query.GetValueOrDefault("sendInitialEvents") == "true";

    /// <summary>Whether the client asks for metadata only.</summary>
    public bool IsPartial => Accept.Contains("as=PartialObjectMetadata", StringComparison.Ordinal);

    public bool IsList => Method == "GET" && !IsWatch;

    public bool IsWrite => Method != "GET";

    public static async Task<FakeRequest> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        return new FakeRequest(
            request.Method.Method,
            request.RequestUri.AbsolutePath,
            query.AllKeys.OfType<string>().ToDictionary(key => key, key => query[key]!),
            request.Content?.Headers.ContentType?.MediaType ?? "",
            request.Headers.Accept.ToString(),
            request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "");
    }
}
