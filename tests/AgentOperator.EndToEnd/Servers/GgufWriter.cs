using System.Text;

namespace AgentOperator.EndToEnd.Servers;

/// <summary>Writes a model file that llama.cpp reads: GGUF, version 3, with tensors of 32-bit floats.</summary>
internal sealed class GgufWriter
{
    private const int Alignment = 32;
    private const uint Version = 3;

    private readonly List<(string Key, Action<BinaryWriter> Write)> _values = [];
    private readonly List<(string Name, long[] Shape, float[] Data)> _tensors = [];

    private enum ValueType : uint
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
    }

    public GgufWriter Add(string key, uint value) => Add(key, ValueType.UInt32, writer => writer.Write(value));

    public GgufWriter Add(string key, float value) => Add(key, ValueType.Float32, writer => writer.Write(value));

    public GgufWriter Add(string key, bool value) => Add(key, ValueType.Bool, writer => writer.Write(value));

    public GgufWriter Add(string key, string value) => Add(key, ValueType.String, writer => Write(writer, value));

    public GgufWriter Add(string key, IReadOnlyList<string> values) => AddArray(key, ValueType.String, values, Write);

    public GgufWriter Add(string key, IReadOnlyList<int> values) => AddArray(key, ValueType.Int32, values, (writer, value) => writer.Write(value));

    public GgufWriter Add(string key, IReadOnlyList<float> values) =>
        AddArray(key, ValueType.Float32, values, (writer, value) => writer.Write(value));

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="data">The rows, one after the other.</param>
    public GgufWriter AddTensor(string name, int columns, float[] data)
    {
        _tensors.Add((name, data.Length == columns ? [columns] : [columns, data.Length / columns], data));
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToArray()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((long)_tensors.Count);
        writer.Write((long)_values.Count);
        foreach (var (key, write) in _values)
        {
            Write(writer, key);
            write(writer);
        }

        var offset = 0L;
        foreach (var (name, shape, data) in _tensors)
        {
            Write(writer, name);
            writer.Write(shape.Length);
            Array.ForEach(shape, writer.Write);
            writer.Write(0); // 32-bit floats
            writer.Write(offset);
            offset += Padded(data.Length * sizeof(float));
        }

        foreach (var (_, _, data) in _tensors)
        {
            file.SetLength(file.Position = Padded(file.Position));
            Array.ForEach(data, writer.Write);
        }

        file.SetLength(Padded(file.Position));
        return file.ToArray();
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Write(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private GgufWriter Add(string key, ValueType type, Action<BinaryWriter> write)
    {
        _values.Add((key, writer =>
        {
            writer.Write((uint)type);
            write(writer);
        }));
        return this;
    }

    private GgufWriter AddArray<T>(string key, ValueType type, IReadOnlyList<T> values, Action<BinaryWriter, T> write) =>
        Add(key, ValueType.Array, writer =>
        {
            writer.Write((uint)type);
            writer.Write((long)values.Count);
            foreach (var value in values)
            {
                write(writer, value);
            }
        });
}
