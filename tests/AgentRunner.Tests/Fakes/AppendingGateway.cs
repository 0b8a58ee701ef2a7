using AgentOperator.Protocol;
using AgentRunner.Gateway;

namespace AgentRunner.Tests.Fakes;

/// <summary>A gateway that only appends.</summary>
/// <param name="onAppend">Looks at each append; what it throws is the gateway's refusal.</param>
internal sealed class AppendingGateway(Action<AppendRequest> onAppend) : IGateway
{
    public Task<RunDescription> GetRunAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RunTerms> GetTermsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<JournalPage> ReadJournalAsync(long after, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<AppendResponse> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        onAppend(request);
        return Task.FromResult(new AppendResponse(request.ExpectedSequence + request.Records.Count));
    }

    public Task<HeartbeatResponse> HeartbeatAsync(HeartbeatRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<AppendResponse> FinishAsync(ResultRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
