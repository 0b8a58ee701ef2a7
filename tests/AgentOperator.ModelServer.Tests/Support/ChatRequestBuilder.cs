using System.Text;
using System.Text.Json.Nodes;

namespace AgentOperator.ModelServer.Tests.Support;

/// <summary>A chat completion request. Default: one user message.</summary>
internal sealed class ChatRequestBuilder(string model)
{
    private readonly JsonArray messages = [];
    private string task = "Do the work.";
    private string? system;
    private bool stream;

    public ChatRequestBuilder System(string text)
    {
        system = text;
        return this;
    }

    public ChatRequestBuilder Task(string text)
    {
        task = text;
        return this;
    }

    public ChatRequestBuilder Stream()
    {
        stream = true;
        return this;
    }

    /// <summary>Adds steps that are done: an assistant's call and its result each.</summary>
    public ChatRequestBuilder Steps(int count, string result = "done")
    {
        for (var i = 0; i < count; i++)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = null });
            messages.Add(new JsonObject { ["role"] = "tool", ["content"] = result });
        }

        return this;
    }

    /// <summary>Adds a message that is given as it is.</summary>
    public ChatRequestBuilder Message(JsonObject message)
    {
        messages.Add(message);
        return this;
    }

    public string Build()
    {
        var all = new JsonArray();
        if (system is not null)
            all.Add(new JsonObject { ["role"] = "system", ["content"] = system });
        all.Add(new JsonObject { ["role"] = "user", ["content"] = task });
        foreach (var message in messages)
            all.Add(message!.DeepClone());
        var body = new JsonObject { ["model"] = model, ["messages"] = all };
        if (stream)
            body["stream"] = true;
        return body.ToJsonString();
    }

    public HttpContent Content() => new StringContent(Build(), Encoding.UTF8, "application/json");
}
