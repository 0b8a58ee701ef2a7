using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;

namespace AgentOperator.Gateway.Models.Streaming;

/// <summary>
/// Tool calls in parts. A part says by its <c>index</c> which call it continues. Where providers leave the index out or give the same one to all
/// calls, another id or another name begins another call.
/// </summary>
internal sealed class StreamedCalls
{
    private readonly List<Call> _calls = [];

    /// <summary>Adds the parts of a message's <c>tool_calls</c>.</summary>
    public void Add(JsonElement parts)
    {
        if (parts.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in parts.EnumerateArray())
            {
                AddPart(part);
            }
        }
        else
        {
            AddPart(parts);
        }
    }

    /// <summary>Writes the calls as a field, if there are any.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (_calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in _calls.OrderBy(call => call.Index ?? int.MaxValue))
            {
                call.Value.WriteTo(json);
            }

            json.WriteEndArray();
        }
    }

    private void AddPart(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var (id, function) = (part.Text("id") ?? "", CallReader.FunctionOf(part));
        var name = function.Text("name") ?? "";
        int? index = part.TryGet("index", JsonValueKind.Number, out var number) && number.TryGetInt32(out var given) ? given : null;
        var call = index is not null ? _calls.FindLast(known => known.Index == index)
            : _calls.FindLast(known => id.Length > 0 && known.Id == id) ?? _calls.LastOrDefault();
        if (call is null || !call.IsContinuedBy(id, name, function))
        {
            _calls.Add(call = new Call { Index = index });
        }

        call.Add(part, id, name, function);
    }

    private sealed class Call
    {
        private bool _isComplete;

        public int? Index { get; init; }

        public string Id { get; private set; } = "";

        public MergedValue Value { get; } = new();

        private string Name { get; set; } = "";

        public bool IsContinuedBy(string id, string name, JsonElement function) =>
            id.Length > 0 && Id.Length > 0 ? id == Id
            : name.Length == 0 || Name.Length == 0 || (name == Name && !(_isComplete && HasArguments(function)));

        public void Add(JsonElement part, string id, string name, JsonElement function)
        {
            (Id, Name) = (Id.Length == 0 ? id : Id, Name.Length == 0 ? name : Name);
            foreach (var field in part.EnumerateObject().Where(field => field.Name != "index"))
            {
                Value.Add(field.Name, field.Value);
            }

            // Providers that send no index, or the same for all, send each call in one part.
            _isComplete |= HasArguments(function) && IsObject(CallReader.Arguments(function, "arguments"));
        }

        private static bool HasArguments(JsonElement function) =>
            function.ValueKind == JsonValueKind.Object && function.TryGetProperty("arguments", out var arguments) && !arguments.IsNothing();

        private static bool IsObject(string arguments)
        {
            try
            {
                using var document = JsonDocument.Parse(arguments);
                return document.RootElement.ValueKind == JsonValueKind.Object;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}
