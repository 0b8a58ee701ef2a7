using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOperator.Testing;

/// <summary>Writes scenarios of the scripted model, as JSON, which is YAML too.</summary>
/// <param name="name">The scenario's name, which its effects have too.</param>
internal sealed class Scenario(string name)
{
    private readonly JsonArray _steps = [];
    private JsonObject? _fault;

    /// <summary>An answer with one shell command.</summary>
    public Scenario Shell(string command, int delayMs = 0, int repeat = 1, string? expect = null, string? holdUntil = null) =>
        Shells([command], delayMs, repeat, expect, holdUntil);

    /// <summary>An answer with several shell commands.</summary>
    public Scenario Shells(string[] commands, int delayMs = 0, int repeat = 1, string? expect = null, string? holdUntil = null)
    {
        var calls = commands.Select(command => CallOf("shell", new { command }));
        return Add(new JsonObject { ["toolCalls"] = new JsonArray([.. calls]) }, delayMs, repeat, expect, holdUntil);
    }

    /// <summary>An answer with one call of any tool.</summary>
    public Scenario Call(string tool, object arguments, string? expect = null, string? holdUntil = null) =>
        Add(new JsonObject { ["toolCalls"] = new JsonArray(CallOf(tool, arguments)) }, 0, 1, expect, holdUntil);

    /// <summary>The next step's answer comes after a fault, as the model server describes them.</summary>
    public Scenario AfterFault(JsonObject fault)
    {
        _fault = fault;
        return this;
    }

    /// <summary>The final answer.</summary>
    public Scenario Answer(string text, int delayMs = 0, string? expect = null) => Add(new JsonObject { ["text"] = text }, delayMs, 1, expect, null);

    /// <summary>
    /// The command that leaves an effect under a key. It waits for a ledger that cannot be reached, which has taken nothing then; any other failure
    /// ends the whole command line that it is part of, with curl's exit code.
    /// </summary>
    public string Effect(string key) =>
        $"{{ n=0; until curl -sSf -o /dev/null --data \"key={key}&run={{{{run}}}}\" {{{{effects}}}}/{name}; do code=$?; n=$((n+1)); "
        + "[ $code = 6 ] || [ $code = 7 ] && [ $n -lt 60 ] || exit $code; sleep 0.5; done; }";

    /// <summary>The command that waits until an effect is in the ledger.</summary>
    public string Await(string key, double seconds = 0.2) => string.Create(
        CultureInfo.InvariantCulture,
        $"until curl -sSf {{{{effects}}}}/{name} | grep -q \"\\\"key\\\":\\\"{key}\\\"\"; do sleep {seconds}; done");

    public override string ToString() => new JsonObject { ["steps"] = _steps.DeepClone() }.ToJsonString(JsonSerializerOptions.Web);

    private static JsonNode CallOf(string tool, object arguments) => new JsonObject
    {
        ["name"] = tool, ["arguments"] = JsonSerializer.SerializeToNode(arguments, JsonSerializerOptions.Web),
    };

    private Scenario Add(JsonObject step, int delayMs, int repeat, string? expect, string? holdUntil)
    {
        step["delayMs"] = delayMs;
        step["repeat"] = repeat;
        if (holdUntil is not null)
        {
            step["holdUntil"] = holdUntil;
        }

        if (expect is not null)
        {
            step["expect"] = new JsonObject { ["contains"] = expect };
        }

        if (_fault is not null)
        {
            step["faults"] = new JsonArray(_fault);
            _fault = null;
        }

        _steps.Add(step);
        return this;
    }
}
