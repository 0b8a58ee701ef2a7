using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.Operators;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Oracles;

/// <summary>
/// Reads every write of the store byte by byte and every answer of the gateway, and compares: what was acknowledged is there, stays as it is, and was
/// written while its writer owned the run (I1, I3, I10).
/// </summary>
internal sealed class JournalOracle(World world, Findings findings)
{
    private readonly Dictionary<string, RunTruth> _runs = [];

    public RunTruth? Of(string runUid) => _runs.GetValueOrDefault(runUid);

    public IEnumerable<RunTruth> All => _runs.Values;

    /// <summary>A segment was stored.</summary>
    public Segment Stored(RunIdentity run, Segment segment)
    {
        if (world.Server.Runs.All.All(known => known.Metadata.Uid != run.Uid))
        {
            // A replica that does not know of the deletion yet; the garbage collector sees to it.
            return segment;
        }

        if (!_runs.TryGetValue(run.Uid, out var truth))
        {
            _runs[run.Uid] = truth = new RunTruth(run.Name);
        }

        var sequence = segment.FirstSequence;
        foreach (var stored in segment.Records)
        {
            if (truth.At(sequence) is { } known)
            {
                if (!stored.AsSpan().SequenceEqual(known.Stored))
                {
                    findings.Add(FindingKind.Lost, run.Name, $"record {sequence} was changed in the store");
                }
            }
            else
            {
                Append(truth, sequence, stored);
            }

            sequence++;
        }

        if (sequence - 1 < truth.Records.Count)
        {
            findings.Add(FindingKind.Lost, run.Name, $"the store was cut from record {truth.Records.Count} to {sequence - 1}");
        }

        return segment;
    }

    /// <summary>The gateway answered a runner.</summary>
    public void Answered(GatewayRequest request, GatewayReply reply)
    {
        if (!reply.IsSuccess || Truth(request) is not { } truth || world.Server.Runs.All.All(known => known.Metadata.Name != truth.Run))
        {
            return;
        }

        if (request is { Method: "POST", Path: Routes.Journal })
        {
            var append = JsonSerializer.Deserialize(request.Body, ProtocolJson.Default.AppendRequest)!;
            for (var i = 0; i < append.Records.Count; i++)
            {
                Acknowledge(truth, request, append.ExpectedSequence + 1 + i, append.Records[i]);
            }
        }
        else if (request.Path == Routes.Result)
        {
            var result = JsonSerializer.Deserialize(request.Body, ProtocolJson.Default.ResultRequest)!;
            var payload = JsonSerializer.SerializeToElement(result.Result, ProtocolJson.Default.RunFinishedPayload);
            Acknowledge(truth, request, result.ExpectedSequence + 1, new NewRecord(RecordKinds.RunFinished, payload));
        }
        else if (request.Path == Routes.ChatCompletions)
        {
            var sequence = long.Parse(reply.Headers[Routes.SequenceHeader], CultureInfo.InvariantCulture);
            var record = truth.At(sequence);
            if (record?.Kind != RecordKinds.ModelAnswer || record.StepKey != request.Headers[Routes.IdempotencyKeyHeader])
            {
                findings.Add(FindingKind.Lost, request.Pod, $"got a model answer at sequence {sequence} that is not committed");
            }
            else
            {
                record.Acknowledged = true;
                CheckOwner(truth, request, record, reply.Headers[Routes.ReplayedHeader] == "true");
            }
        }
    }

    /// <summary>Whether an answer with these commands is committed (a tool may start), and the intent for one of its calls.</summary>
    public (TruthRecord? Answer, bool Intent) Find(string runUid, CallCommand command)
    {
        if (Of(runUid) is not { } truth)
        {
            return (null, false);
        }

        var answer = truth.Records.Where(record => record.Kind == RecordKinds.ModelAnswer && Commands(record).Any()).ElementAtOrDefault(command.Step);
        if (answer is null || !Commands(answer).Contains(command))
        {
            return (null, false);
        }

        var intents = truth.Records.Where(record => record.Kind == RecordKinds.ToolIntent && record.Sequence > answer.Sequence)
            .Take(command.Index + 1);
        return (answer, intents.Any());
    }

    /// <summary>How many of a run's first answers called tools.</summary>
    public int StepsIn(string runUid, int answers) =>
        Of(runUid)?.Records.Where(record => record.Kind == RecordKinds.ModelAnswer).Take(answers).Count(record => Commands(record).Any()) ?? 0;

    private static IEnumerable<CallCommand> Commands(TruthRecord answer) =>
        answer.Payload.Deserialize(ProtocolJson.Default.ModelAnswerPayload)!.ToolCalls
            .Select(call => CallCommand.Parse(JsonElement.Parse(call.Arguments).GetProperty("command").GetString()!));

    private RunTruth? Truth(GatewayRequest request) => world.RunUidOf(request.PodUid) is { } uid ? Of(uid) : null;

    private void Acknowledge(RunTruth truth, GatewayRequest request, long sequence, NewRecord wanted)
    {
        var record = truth.At(sequence);
        if (record is null || record.Kind != wanted.Kind || record.StepKey != wanted.StepKey || record.CallId != wanted.CallId
            || !JsonElement.DeepEquals(record.Payload, wanted.Payload))
        {
            findings.Add(
                FindingKind.Lost,
                request.Pod,
                $"{wanted.Kind} was acknowledged at sequence {sequence}, where the store has {record?.Kind ?? "nothing"}");
            return;
        }

        record.Acknowledged = true;
        CheckOwner(truth, request, record, replayed: false);
    }

    private void CheckOwner(RunTruth truth, GatewayRequest request, TruthRecord record, bool replayed)
    {
        if (!replayed && record.OwnerPodUid != request.PodUid)
        {
            findings.Add(
                FindingKind.Lost,
                request.Pod,
                $"{record.Kind} at sequence {record.Sequence} of {truth.Run} was committed after a newer epoch was claimed");
        }
    }

    private void Append(RunTruth truth, long sequence, byte[] stored)
    {
        var bytes = Decompress(stored);
        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement.Clone();
        var kind = json.GetProperty("kind").GetString()!;
        var record = new TruthRecord(
            json.GetProperty("sequence").GetInt64(), json.GetProperty("epoch").GetInt32(), kind, Text(json, "stepKey"), Text(json, "callId"),
            json.GetProperty("payload"), stored, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        var before = truth.At(sequence - 1);
        if (record.Sequence != sequence || sequence != truth.Records.Count + 1 || Text(json, "prevHash") != (before?.Hash ?? JournalHash.Genesis))
        {
            findings.Add(FindingKind.Lost, truth.Run, $"record {sequence} does not follow record {truth.Records.Count}");
        }

        if (truth.Records.Any(earlier => earlier.Kind == RecordKinds.RunFinished))
        {
            findings.Add(FindingKind.Orphan, truth.Run, $"{kind} follows the run's end");
        }

        if (kind == RecordKinds.EpochClaimed)
        {
            if (record.Epoch <= truth.Epoch)
            {
                findings.Add(FindingKind.Lost, truth.Run, $"epoch {record.Epoch} was claimed after epoch {truth.Epoch}");
            }

            truth.Epoch = record.Epoch;
            truth.OwnerPodUid = Text(record.Payload, "podUid");
        }
        else if (record.Epoch != truth.Epoch)
        {
            findings.Add(FindingKind.Lost, truth.Run, $"record {sequence} is of epoch {record.Epoch} while epoch {truth.Epoch} owns the run");
        }

        if (kind == RecordKinds.ModelAnswer)
        {
            CheckBudget(truth, record);
        }

        truth.Records.Add(record with { OwnerPodUid = truth.OwnerPodUid });
    }

    private void CheckBudget(RunTruth truth, TruthRecord answer)
    {
        var limits = world.Programs.Values.Single(program => program.Run == truth.Run).Spec.Limits;
        if (truth.Steps >= limits.MaxSteps || truth.Tokens >= limits.MaxTokens)
        {
            findings.Add(FindingKind.Other, truth.Run, $"a model answer was committed with {truth.Steps} steps and {truth.Tokens} tokens used");
        }

        truth.Steps++;
        truth.Tokens += answer.Payload.Deserialize(ProtocolJson.Default.ModelAnswerPayload)!.Usage.Total;
    }

    private static byte[] Decompress(byte[] stored)
    {
        using var source = new BrotliStream(new MemoryStream(stored), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
