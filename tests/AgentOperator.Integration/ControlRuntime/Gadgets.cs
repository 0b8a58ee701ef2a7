using System.Text.Json.Nodes;
using AgentOperator.Integration.Support;
using k8s;

namespace AgentOperator.Integration.ControlRuntime;

/// <summary>Installs and writes gadgets.</summary>
internal static class Gadgets
{
    public static async Task InstallAsync()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "ControlRuntime", "gadgets.yaml");
        await ControlPlane.KubectlAsync("apply", "-f", file);
        await ControlPlane.KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "-f", file);
    }

    public static Task CreateAsync(string namespaceName, string name, JsonNode size)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = Gadget.Definition.ApiVersion,
            ["kind"] = Gadget.Definition.Kind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["size"] = size },
        };
        return ControlPlane.Client.CustomObjects.CreateNamespacedCustomObjectAsync(
            body, Gadget.Definition.Group, Gadget.Definition.Version, namespaceName, Gadget.Definition.Plural);
    }

    public static async Task<Gadget> ReadAsync(string namespaceName, string name) =>
        await ControlPlane.Client.CustomObjects.GetNamespacedCustomObjectAsync<Gadget>(
            Gadget.Definition.Group, Gadget.Definition.Version, namespaceName, Gadget.Definition.Plural, name);

    /// <summary>A status document for server-side apply.</summary>
    public static JsonObject Status(string name, GadgetStatus status) => new()
    {
        ["apiVersion"] = Gadget.Definition.ApiVersion,
        ["kind"] = Gadget.Definition.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["status"] = JsonNode.Parse(KubernetesJson.Serialize(status)),
    };
}
