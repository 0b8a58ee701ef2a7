using System.Buffers;
using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;

namespace AgentOperator.Gateway.Models.Streaming;

/// <summary>
/// Reads server-sent events whose data is JSON, wherever the bytes are split. Also understands streams with any line end, without blank lines between
/// events, with comments, with a byte order mark, and with data over several lines.
/// </summary>
/// <param name="maxBytes">The largest event.</param>
/// <param name="onData">Called for each event.</param>
internal sealed class EventReader(int maxBytes, Action<JsonElement> onData)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private bool _afterReturn;
    private bool _isFirstLine = true;

    /// <summary>Whether the provider has said that this is the end.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes more bytes.</summary>
    /// <exception cref="HttpIOException">An event is no JSON.</exception>
    /// <exception cref="HttpRequestException">An event is too large.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsDone)
        {
            if (_afterReturn && bytes[0] == (byte)'\n')
            {
                bytes = bytes[1..];
            }

            _afterReturn = false;
            var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            _line.Write(end < 0 ? bytes : bytes[..end]);
            CheckSize(_line);
            if (end < 0)
            {
                return;
            }

            _afterReturn = bytes[end] == (byte)'\r';
            bytes = bytes[(end + 1)..];
            EndLine();
        }
    }

    /// <summary>There are no more bytes.</summary>
    /// <exception cref="HttpIOException">The last event is no JSON.</exception>
    public void End()
    {
        EndLine();
        EndEvent();
    }

    private void EndLine()
    {
        var line = _line.WrittenSpan;
        if (_isFirstLine && line.StartsWith("\uFEFF"u8))
        {
            line = line["\uFEFF"u8.Length..];
        }

        _isFirstLine = false;
        if (line.IsEmpty)
        {
            EndEvent();
        }
        else if (line.StartsWith("data:"u8))
        {
            AddData(line["data:"u8.Length..]);
        }

        _line.ResetWrittenCount();
    }

    private void AddData(ReadOnlySpan<byte> value)
    {
        if (value.Trim(" \t"u8).SequenceEqual("[DONE]"u8))
        {
            IsDone = true;
            return;
        }

        _data.Write(_data.WrittenCount > 0 ? "\n"u8 : []);
        _data.Write(value);
        CheckSize(_data);

        // Not every provider ends an event with a blank line.
        if (value.TrimEnd(" \t"u8) is [.., (byte)'}'] && TryParse() is { } document)
        {
            using (document)
            {
                _data.ResetWrittenCount();
                onData(document.RootElement);
            }
        }
    }

    /// <summary>Text that does not begin like JSON keeps a connection alive. A broken object may have held a part of the answer.</summary>
    private void EndEvent()
    {
        var isObject = _data.WrittenSpan.TrimStart(" \t\n"u8) is [(byte)'{', ..];
        _data.ResetWrittenCount();
        if (isObject && !IsDone)
        {
            throw new HttpIOException(HttpRequestError.InvalidResponse, "a part of the stream is no JSON");
        }
    }

    private JsonDocument? TryParse()
    {
        try
        {
            return LenientJson.ParseFragment(_data.WrittenMemory);
        }
        catch (MalformedAnswerException)
        {
            return null;
        }
    }

    private void CheckSize(ArrayBufferWriter<byte> part)
    {
        if (part.WrittenCount > maxBytes)
        {
            throw StreamedAnswer.TooLarge();
        }
    }
}
