using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>A custom resource with a required member, as the operator's own kinds have.</summary>
[KubernetesEntity(Group = "test.dev", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
internal sealed class Widget : IKubernetesObject<V1ObjectMeta>
{
    public const string Resource = "apis/test.dev/v1/widgets";

    public string ApiVersion { get; set; } = null!;

    public string Kind { get; set; } = null!;

    public V1ObjectMeta Metadata { get; set; } = null!;

    public required WidgetSpec Spec { get; init; }

    public static ResourceDefinition Definition { get; } = ResourceDefinition.Of<Widget>();

    /// <summary>A widget as the server has it; the fake server adds name, namespace, UID and version.</summary>
    public static JsonObject Json(int size, string? ownerUid = null, string? uid = null)
    {
        var metadata = new JsonObject { ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "somebody" }) };
        if (uid is not null)
        {
            metadata["uid"] = uid;
        }

        if (ownerUid is not null)
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "test.dev/v1beta1", ["kind"] = "Widget", ["name"] = "owner", ["uid"] = ownerUid, ["controller"] = true,
            });
        }

        return new JsonObject
        {
            ["apiVersion"] = "test.dev/v1",
            ["kind"] = "Widget",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["size"] = size },
        };
    }

    /// <summary>A widget that no Widget can be read from, though the server stored it: an older schema allowed it.</summary>
    public static JsonObject Poison() => new()
    {
        ["apiVersion"] = "test.dev/v1", ["kind"] = "Widget", ["metadata"] = new JsonObject(), ["spec"] = new JsonObject { ["size"] = "not a number" },
    };
}
