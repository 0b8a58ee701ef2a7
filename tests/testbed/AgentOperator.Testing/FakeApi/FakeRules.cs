using System.Text.Json.Nodes;

namespace AgentOperator.Testing.FakeApi;

/// <summary>What the fake server does with the objects of one resource beyond storing them.</summary>
internal sealed class FakeRules
{
    /// <summary>What the server makes of a new object.</summary>
    public Func<JsonObject, JsonObject> Creating { get; set; } = created => created;

    /// <summary>
    /// What is left of an object that a client deletes, given with the grace period that the client asks for; null when it is removed at once.
    /// </summary>
    public Func<JsonObject, JsonObject?> Deleting { get; set; } = _ => null;

    /// <summary>How the server refuses an object that would be created or replaced, or would have a new status; null when it accepts it.</summary>
    public Func<JsonObject, FakeAnswer?> Refusal { get; set; } = _ => null;

    public string RefusalMessage { get; set; } = "refused";
}
