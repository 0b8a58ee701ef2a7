using System.Text.Json;
using k8s;

namespace AgentOperator.ControlRuntime;

/// <summary>One event of a watch, not yet read as the kind.</summary>
internal readonly record struct WatchEvent(WatchEventType Type, JsonElement Object);
