using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Tests.Outages;

/// <summary>An agent that makes one model call and ends the run with its answer. It is as patient as the runner.</summary>
internal sealed class SimpleAgent(AgentRun run, V1Pod pod, int attempt, IServiceProvider gateway)
{
    private const int PatienceSeconds = 45;
    private readonly RunIdentity _run = new(run.Metadata.NamespaceProperty, run.Metadata.Name, run.Metadata.Uid);
    private DateTimeOffset? _firstFailure;
    private DateTimeOffset _nextCall;

    public string Pod { get; } = pod.Metadata.Name;

    /// <summary>Goes on.</summary>
    /// <returns>What becomes of the pod; null while it works.</returns>
    public async Task<Func<V1Pod, V1Pod>?> ActAsync(DateTimeOffset now)
    {
        var journal = gateway.GetRequiredService<IJournalStore>();
        if (now < _nextCall || await journal.ReadHeadAsync(_run, default) is not { } head || head.Epoch != attempt)
        {
            return null;
        }

        var writer = new Writer(attempt, pod.Metadata.Uid);
        try
        {
            var step = new ModelStep(new RunnerIdentity(_run, writer, Pod), "step-1", head.Sequence);
            var body = Encoding.UTF8.GetBytes($$"""{"model":"{{run.Spec.Model.Name}}","messages":[]}""");
            var cached = gateway.GetRequiredService<ILister<AgentRun>>().Get(new ObjectKey(_run.Namespace, _run.Name))!;
            var reply = await gateway.GetRequiredService<ModelCalls>().CompleteAsync(step, cached, "token", new HeldBody(body), default);
            var end = new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = Reasons.Completed, Result = reply.Answer.Text };
            var record = new NewRecord(RecordKinds.RunFinished, JsonSerializer.SerializeToElement(end, ProtocolJson.Default.RunFinishedPayload));
            await journal.AppendAsync(_run, writer, reply.Sequence, [record], default);
            return ended => PodState.Exited(ended, RunnerExitCodes.Done, now);
        }
        catch (GatewayException exception) when (exception.ToError() is { Code: ErrorCodes.ModelUnavailable, RetryAfterSeconds: { } wait })
        {
            _firstFailure ??= now;
            _nextCall = now.AddSeconds(wait);
            var report = Encoding.UTF8.GetString(new TerminationReport(TerminationReasons.EndpointUnavailable, exception.Message).ToBytes());
            return _nextCall - _firstFailure < TimeSpan.FromSeconds(PatienceSeconds)
                ? null
                : ended => PodState.Exited(ended, RunnerExitCodes.EndpointUnavailable, now, message: report);
        }
    }
}
