using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;

namespace AgentOperator.Gateway.Models.Streaming;

/// <summary>
/// A JSON value that comes in parts: texts are joined, objects merged, and arrays appended, whose elements with the same <c>index</c> are one. A
/// value that comes in one part stays as it was written.
/// </summary>
internal sealed class MergedValue
{
    /// <summary>Fields that are repeated whole rather than continued.</summary>
    private static readonly string[] Whole = ["index", "id", "type", "format", "role", "name", "object"];

    private JsonElement? _single;
    private StringBuilder? _text;
    private OrderedDictionary<string, MergedValue>? _fields;
    private List<(int? Index, MergedValue Value)>? _items;

    /// <summary>Whether it is an empty value.</summary>
    public bool IsNothing => _text is null && _fields is null && _items is null && _single?.IsNothing() != false;

    /// <summary>Adds a part.</summary>
    /// <param name="part">The part; null is none.</param>
    /// <param name="isWhole">Whether a text replaces the one before.</param>
    public void Add(JsonElement part, bool isWhole = false)
    {
        if (IsNothing || part.IsNothing())
        {
            _single = _single is null || !part.IsNothing() ? part.Clone() : _single;
            return;
        }

        switch (part.ValueKind)
        {
            case JsonValueKind.String when !isWhole && (_text is not null || _single?.ValueKind == JsonValueKind.String):
                TextFragment.Append(Text(), part);
                break;
            case JsonValueKind.Object when _fields is not null || _single?.ValueKind == JsonValueKind.Object:
                AddFields(Fields(), part);
                break;
            case JsonValueKind.Array when _items is not null || _single?.ValueKind == JsonValueKind.Array:
                AddItems(Items(), part);
                break;
            default:
                (_single, _text, _fields, _items) = (part.Clone(), null, null, null);
                break;
        }
    }

    /// <summary>Adds a part of an object's field.</summary>
    public void Add(string field, JsonElement part) => AddField(Fields(), field, part);

    /// <summary>Writes what it has become.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (_text is not null)
        {
            // The encoding replaces what is no Unicode.
            json.WriteStringValue(Encoding.UTF8.GetBytes(_text.ToString()));
        }
        else if (_fields is not null)
        {
            json.WriteStartObject();
            WriteFields(json);
            json.WriteEndObject();
        }
        else if (_items is not null)
        {
            json.WriteStartArray();
            _items.ForEach(item => item.Value.WriteTo(json));
            json.WriteEndArray();
        }
        else if (_single is { } single)
        {
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(single), skipInputValidation: true);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>Writes an object's fields into an object that was begun.</summary>
    public void WriteFields(Utf8JsonWriter json)
    {
        foreach (var (name, value) in _fields ?? [])
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    private static void AddFields(OrderedDictionary<string, MergedValue> fields, JsonElement part)
    {
        foreach (var field in part.EnumerateObject())
        {
            AddField(fields, field.Name, field.Value);
        }
    }

    private static void AddField(OrderedDictionary<string, MergedValue> fields, string name, JsonElement part)
    {
        if (!fields.TryGetValue(name, out var value))
        {
            fields.Add(name, value = new MergedValue());
        }

        value.Add(part, Whole.Contains(name));
    }

    private static void AddItems(List<(int? Index, MergedValue Value)> items, JsonElement part)
    {
        foreach (var item in part.EnumerateArray())
        {
            int? index = item.TryGet("index", JsonValueKind.Number, out var number) && number.TryGetInt32(out var given) ? given : null;
            var value = index is null ? null : items.Find(known => known.Index == index).Value;
            if (value is null)
            {
                items.Add((index, value = new MergedValue()));
            }

            value.Add(item);
        }
    }

    private StringBuilder Text()
    {
        if (_text is null)
        {
            _text = new StringBuilder();
            TextFragment.Append(_text, _single!.Value);
        }

        return _text;
    }

    private OrderedDictionary<string, MergedValue> Fields()
    {
        if (_fields is null)
        {
            _fields = [];
            if (_single is { ValueKind: JsonValueKind.Object } single)
            {
                AddFields(_fields, single);
            }
        }

        return _fields;
    }

    private List<(int? Index, MergedValue Value)> Items()
    {
        if (_items is null)
        {
            _items = [];
            AddItems(_items, _single!.Value);
        }

        return _items;
    }
}
