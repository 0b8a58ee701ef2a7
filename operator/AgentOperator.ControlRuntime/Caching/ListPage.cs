using System.Text.Json;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>One page of a list. The items stay unread, so that one that cannot be read as the kind does not lose the others.</summary>
internal sealed class ListPage
{
    public V1ListMeta? Metadata { get; init; }

    public IReadOnlyList<JsonElement>? Items { get; init; }
}
