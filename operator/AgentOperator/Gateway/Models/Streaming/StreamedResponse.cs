using System.Net.Mime;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;

namespace AgentOperator.Gateway.Models.Streaming;

/// <summary>
/// Reads a response to a request for a stream, as if the provider had answered in one piece: the whole answer, or the error that the stream ended
/// with. A provider that does not stream although it was asked to is understood as well.
/// </summary>
internal sealed class StreamedResponse
{
    /// <summary>How long a provider may be silent in the middle of its answer. Comments count as life.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait for the usage after the provider has finished its answer.</summary>
    private static readonly TimeSpan ForUsage = TimeSpan.FromSeconds(5);

    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly int _maxBytes;
    private readonly TimeProvider _time;
    private readonly StreamedAnswer _answer;
    private ReadOnlyMemory<byte>? _error;

    private StreamedResponse(HttpResponseMessage response, Stream stream, int maxBytes, TimeProvider time) =>
        (_response, _stream, _maxBytes, _time, _answer) = (response, stream, maxBytes, time, new StreamedAnswer(maxBytes));

    /// <summary>Reads the whole answer.</summary>
    /// <param name="response">The response, of which only the headers were read.</param>
    /// <param name="maxBytes">The largest answer that is taken.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HttpRequestException">The answer is larger.</exception>
    /// <exception cref="IOException">The stream broke off or went silent.</exception>
    public static async Task<ProviderResponse> ReadAsync(
        HttpResponseMessage response, int maxBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await new StreamedResponse(response, stream, maxBytes, time).ReadAsync(cancellationToken);
    }

    private async Task<ProviderResponse> ReadAsync(CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var read = await ReadOnAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        while (read > 0 && ProviderResponse.FirstByte(_buffer.AsSpan(0, read)) is null)
        {
            Keep(body, read);
            read = await ReadOnAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        if (IsStream(ProviderResponse.FirstByte(_buffer.AsSpan(0, read))))
        {
            return await ReadEventsAsync(read, cancellationToken);
        }

        for (; read > 0; read = await ReadOnAsync(Timeout.InfiniteTimeSpan, cancellationToken))
        {
            Keep(body, read);
        }

        return ProviderResponse.Of(_response, body.ToArray());
    }

    /// <summary>By the first byte, because proxies and small servers send wrong content types both ways.</summary>
    private bool IsStream(byte? first) => first switch
    {
        (byte)'{' or (byte)'[' or (byte)'<' => false,
        (byte)':' => true,
        _ => _response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Text.EventStream
            || first is (byte)'d' or (byte)'e' or (byte)'i' or (byte)'r',
    };

    private void Keep(MemoryStream body, int read)
    {
        body.Write(_buffer, 0, read);
        if (body.Length > _maxBytes)
        {
            throw StreamedAnswer.TooLarge();
        }
    }

    private async Task<ProviderResponse> ReadEventsAsync(int read, CancellationToken cancellationToken)
    {
        var events = new EventReader(_maxBytes, Take);
        for (; read > 0 && !events.IsDone && _error is null; read = await ReadPartAsync(cancellationToken))
        {
            events.Feed(_buffer.AsSpan(0, read));
        }

        if (!events.IsDone && _error is null)
        {
            events.End();
        }

        return _error is { } error ? ProviderResponse.Of(_response, error) with { HasBegun = _answer.HasBegun }
            : events.IsDone || _answer.IsComplete ? ProviderResponse.Of(_response, _answer.Write())
            : throw new HttpIOException(HttpRequestError.ResponseEnded, "the stream ended in the middle of an answer");
    }

    private void Take(JsonElement data)
    {
        _error ??= ErrorIn(data);
        if (_error is null)
        {
            _answer.Add(data);
        }
    }

    /// <summary>The body of an error, if this is one.</summary>
    private static ReadOnlyMemory<byte>? ErrorIn(JsonElement data)
    {
        if (data.TryGetProperty("error", out var error) && !error.IsNothing())
        {
            return (byte[])[.. "{\"error\":"u8, .. JsonMarshal.GetRawUtf8Value(error), .. "}"u8];
        }

        var body = JsonMarshal.GetRawUtf8Value(data).ToArray();
        return !data.TryGetProperty("choices", out _) && ProviderError.Read(body) is not null ? body : (ReadOnlyMemory<byte>?)null;
    }

    private async Task<int> ReadPartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnAsync(
                _answer.IsComplete ? ForUsage : _answer.HasBegun ? LongestSilence : Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (Exception exception) when (_answer.IsComplete && exception is TimeoutException or IOException or HttpRequestException)
        {
            return 0;
        }
        catch (TimeoutException exception)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "the stream went silent", exception);
        }
    }

    private Task<int> ReadOnAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _stream.ReadAsync(_buffer, cancellationToken).AsTask().WaitAsync(limit, _time, cancellationToken);
}
