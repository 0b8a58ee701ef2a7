namespace AgentRunner.Tools.Mcp;

/// <summary>Reads a server's answer up to a bound.</summary>
/// <param name="inner">The answer.</param>
/// <param name="maxBytes">The bound.</param>
/// <param name="isEventStream">
/// Whether the bound is for each event: a stream of server-sent events may be as long as a tool takes, and only one event is kept at a time.
/// </param>
internal sealed class BoundedStream(Stream inner, long maxBytes, bool isEventStream) : Stream
{
    private long _bytes;
    private bool _lineIsEmpty = true;
    private bool _afterCarriageReturn;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="McpAnswerTooLargeException">The bound is passed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, read));
        return read;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> read)
    {
        if (!isEventStream)
        {
            _bytes += read.Length;
            ThrowIfTooLarge();
            return;
        }

        foreach (var value in read)
        {
            _bytes++;
            ThrowIfTooLarge();
            EndLine(value);
        }
    }

    /// <summary>An empty line ends an event. Lines end with LF, CR or both.</summary>
    private void EndLine(byte value)
    {
        var isSecondHalf = value == '\n' && _afterCarriageReturn;
        _afterCarriageReturn = value == '\r';
        if (isSecondHalf)
        {
            return;
        }

        if (value is not ((byte)'\n' or (byte)'\r'))
        {
            _lineIsEmpty = false;
            return;
        }

        if (_lineIsEmpty)
        {
            _bytes = 0;
        }

        _lineIsEmpty = true;
    }

    private void ThrowIfTooLarge()
    {
        if (_bytes > maxBytes)
        {
            throw new McpAnswerTooLargeException(maxBytes);
        }
    }
}
