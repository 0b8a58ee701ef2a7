using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.ModelServer.Persistence;

/// <summary>
/// A file of JSON lines that only grows. A line is with the operating system before <see cref="Append"/> returns, so it outlives the process.
/// </summary>
internal sealed class JsonLinesFile<T> : IDisposable
{
    private readonly JsonTypeInfo<T> _typeInfo;
    private readonly FileStream _stream;

    /// <summary>Opens the file, makes it when it is missing, and cuts off a last line that a killed process left unfinished.</summary>
    /// <exception cref="InvalidDataException">A finished line is not readable.</exception>
    public JsonLinesFile(string path, JsonTypeInfo<T> typeInfo)
    {
        _typeInfo = typeInfo;
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Loaded = Load(path);
    }

    /// <summary>What the file held when it was opened.</summary>
    public IReadOnlyList<T> Loaded { get; }

    /// <summary>Adds a line.</summary>
    public void Append(T item)
    {
        _stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(item, _typeInfo), (byte)'\n']);
        _stream.Flush();
    }

    /// <summary>Removes all lines.</summary>
    public void Clear()
    {
        _stream.SetLength(0);
        _stream.Flush();
    }

    public void Dispose() => _stream.Dispose();

    private List<T> Load(string path)
    {
        var bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        var items = new List<T>();
        var start = 0;
        for (var end = Array.IndexOf(bytes, (byte)'\n'); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
        {
            items.Add(Parse(bytes.AsSpan(start..end), path, items.Count + 1));
            start = end + 1;
        }

        _stream.SetLength(start);
        _stream.Position = start;
        return items;
    }

    private T Parse(ReadOnlySpan<byte> line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, _typeInfo) ?? throw new JsonException("The line is null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}, line {number}: {error.Message}", error);
        }
    }
}
