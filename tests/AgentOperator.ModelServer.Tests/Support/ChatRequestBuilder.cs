using System.Text;
using System.Text.Json.Nodes;

namespace AgentOperator.ModelServer.Tests.Support;

/// <summary>A chat completion request. Default: one user message.</summary>
internal sealed class ChatRequestBuilder(string model)
{
    private readonly JsonArray _messages = [];
    private string _task = "Do the work.";
    private string? _system;
    private bool _stream;

    public ChatRequestBuilder System(string text)
    {
        _system = text;
        return this;
    }

    public ChatRequestBuilder Task(string text)
    {
        _task = text;
        return this;
    }

    public ChatRequestBuilder Stream()
    {
        _stream = true;
        return this;
    }

    /// <summary>Adds steps that are done: an assistant's call and its result each.</summary>
    public ChatRequestBuilder Steps(int count, string result = "done")
    {
        for (var i = 0; i < count; i++)
        {
            _messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = null });
            _messages.Add(new JsonObject { ["role"] = "tool", ["content"] = result });
        }

        return this;
    }

    /// <summary>Adds a message that is given as it is.</summary>
    public ChatRequestBuilder Message(JsonObject message)
    {
        _messages.Add(message);
        return this;
    }

    public string Build()
    {
        var all = new JsonArray();
        if (_system is not null)
            all.Add(new JsonObject { ["role"] = "system", ["content"] = _system });
        all.Add(new JsonObject { ["role"] = "user", ["content"] = _task });
        foreach (var message in _messages)
            all.Add(message!.DeepClone());
        var body = new JsonObject { ["model"] = model, ["messages"] = all };
        if (_stream)
            body["stream"] = true;
        return body.ToJsonString();
    }

    public HttpContent Content() => new StringContent(Build(), Encoding.UTF8, "application/json");
}
