using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>The status of a pod with one container, as a kubelet writes it.</summary>
internal static class PodStatusDocument
{
    private const string PodAddress = "10.0.0.1";

    /// <summary>The container runs.</summary>
    public static byte[] Running(ObservedPod pod, DateTimeOffset since) => Write(pod, "Running", isReady: true, since, json =>
    {
        json.WriteStartObject("running");
        json.WriteString("startedAt", Time(since));
        json.WriteEndObject();
    });

    /// <summary>The container has ended.</summary>
    public static byte[] Ended(ObservedPod pod, ContainerExit exit, DateTimeOffset since, DateTimeOffset now) =>
        Write(pod, exit.Code == 0 ? "Succeeded" : "Failed", isReady: false, since, json =>
        {
            // A strategic merge leaves what it does not name.
            json.WriteNull("running");
            json.WriteStartObject("terminated");
            json.WriteNumber("exitCode", exit.Code);
            json.WriteString("reason", exit.Reason);
            json.WriteString("startedAt", Time(since));
            json.WriteString("finishedAt", Time(now));
            if (exit.Message is { } message)
            {
                json.WriteString("message", message);
            }

            json.WriteEndObject();
        });

    private static byte[] Write(ObservedPod pod, string phase, bool isReady, DateTimeOffset since, Action<Utf8JsonWriter> state)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteString("uid", pod.Uid);
            json.WriteEndObject();
            json.WriteStartObject("status");
            json.WriteString("phase", phase);
            json.WriteString("podIP", PodAddress);
            json.WriteString("startTime", Time(since));
            json.WriteStartArray("conditions");
            ReadOnlySpan<(string, bool)> conditions =
            [
                ("Initialized", true),
                ("Ready", isReady),
                ("ContainersReady", isReady),
                ("PodScheduled", true),
            ];
            foreach (var (type, holds) in conditions)
            {
                json.WriteStartObject();
                json.WriteString("type", type);
                json.WriteString("status", holds ? "True" : "False");
                json.WriteString("lastTransitionTime", Time(since));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("containerStatuses");
            json.WriteStartObject();
            json.WriteString("name", pod.Container);
            json.WriteString("image", pod.Image);
            json.WriteString("imageID", pod.Image);
            json.WriteString("containerID", $"simulated://{pod.Uid}");
            json.WriteBoolean("ready", isReady);
            json.WriteBoolean("started", isReady);
            json.WriteNumber("restartCount", 0);
            json.WriteStartObject("state");
            state(json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
