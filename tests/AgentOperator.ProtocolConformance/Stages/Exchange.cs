using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>A request of a runner, and what it was answered.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body.</param>
internal sealed record Exchange(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>When it arrived.</summary>
    public long At { get; } = Stopwatch.GetTimestamp();

    /// <summary>The answer's status; 0 when there was none.</summary>
    public int Status { get; set; }

    /// <summary>The answer's body.</summary>
    public byte[] Answer { get; set; } = [];

    public bool IsHeartbeat => Target == Routes.Heartbeat;

    public bool IsChat => Target == Routes.ChatCompletions;

    public bool IsResult => Target == Routes.Result;

    public bool IsAppend => Method == "POST" && Target == Routes.Journal;

    /// <summary>Whether it reads the journal.</summary>
    public bool IsJournalRead => Method == "GET" && (Target.StartsWith(Routes.Journal, StringComparison.Ordinal) || Target == Routes.RunWithJournal);

    /// <summary>Whether it changes the run.</summary>
    public bool IsWrite => IsChat || IsResult || IsAppend;

    public string? Key => Header(Routes.IdempotencyKeyHeader);

    public bool IsRepeated => Header(Routes.RepeatedHeader) == "true";

    public string? Authorization => Header("Authorization");

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Encoding.UTF8.GetString(Body));

    /// <summary>The kinds of the records that it appends.</summary>
    public IReadOnlyList<string> Kinds => IsAppend
        ? [.. Json.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("kind").GetString()!)]
        : [];

    /// <summary>The sequences of the records that its answer holds.</summary>
    public IReadOnlyList<long> Sequences => IsJournalRead && Status == 200 && JournalPages.Of(Answer) is { } page
        ? [.. page.Records.Select(record => JsonElement.Parse(record).GetProperty("sequence").GetInt64())]
        : [];

    /// <summary>Whether it appends a record of this kind.</summary>
    public bool Appends(string kind) => IsAppend && Kinds.Contains(kind);

    /// <summary>A request as it arrived.</summary>
    public static Exchange Of(HttpRequest request, byte[] body) => new(
        request.Method, request.Path + request.QueryString.ToUriComponent(),
        request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Method} {Target}{(IsAppend ? $" [{string.Join(", ", Kinds)}]" : "")} -> {Status}");

    private string? Header(string name) => Headers.GetValueOrDefault(name);
}
