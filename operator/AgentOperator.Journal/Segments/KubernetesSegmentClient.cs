using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using k8s;
using k8s.Autorest;

namespace AgentOperator.Journal;

/// <summary>Stores segments as JournalSegment objects. Compare-and-swap uses the resource version.</summary>
internal sealed class KubernetesSegmentClient(
    IKubernetes kubernetes, ILister<JournalSegmentHeader> headers, TimeProvider time, TouchedSegments? touched = null) : ISegmentClient
{
    /// <summary>
    /// How long one request may take. A request that hangs, at a server that lost its etcd for example, is sent again: until an answer is committed,
    /// it is lost if this replica dies.
    /// </summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests metadata only, so that appends do not return the records. A server that does not support it returns the whole object.
    /// </summary>
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> MetadataOnly = new Dictionary<string, IReadOnlyList<string>>
    {
        ["Accept"] = ["application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json"],
    };

    public int LastKnownIndex(RunIdentity run) =>
        headers.ByOwner(run.Uid).Aggregate(1, (last, header) => Math.Max(last, header.Spec.Index));

    public int KnownIndexOf(RunIdentity run, long sequence) => headers.ByOwner(run.Uid)
        .Where(header => header.Spec.FirstSequence <= sequence)
        .Aggregate(1, (last, header) => Math.Max(last, header.Spec.Index));

    public JournalHead? LastKnownHead(RunIdentity run) =>
        headers.ByOwner(run.Uid).MaxBy(header => header.Spec.Index) is { } last ? SegmentMapping.ToHead(last.Spec) : null;

    public bool HasOpenSegment(RunIdentity run) => headers.ByOwner(run.Uid).Any(header => !header.Spec.Sealed);

    public IReadOnlyList<int> Touched(RunIdentity run) => touched?.Of(run) ?? [];

    public void ForgetTouched(RunIdentity run, int index) => touched?.Forget(run, index);

    public async Task<Segment?> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                async token => SegmentMapping.ToSegment(await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync<JournalSegment>(
                    ApiConstants.Group, ApiConstants.Version, run.Namespace, ApiConstants.JournalSegmentPlural, SegmentMapping.NameOf(run, index),
                    token)),
                cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return null;
        }
        catch (JsonException exception)
        {
            // The schema cannot say that records are base64, so the server takes any text.
            throw new JournalException(
                ErrorCodes.JournalBroken, $"segment {SegmentMapping.NameOf(run, index)} cannot be read at {exception.Path}", inner: exception);
        }
    }

    public Task<Segment> CreateAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken) =>
        StoreAsync(run, segment, (stored, token) => kubernetes.CustomObjects.CreateNamespacedCustomObjectWithHttpMessagesAsync<StoredMetadata>(
            stored,
            ApiConstants.Group,
            ApiConstants.Version,
            run.Namespace,
            ApiConstants.JournalSegmentPlural,
            customHeaders: MetadataOnly,
            cancellationToken: token), cancellationToken);

    public async Task<Segment> ReplaceAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreAsync(
                run,
                segment,
                (stored, token) => kubernetes.CustomObjects.ReplaceNamespacedCustomObjectWithHttpMessagesAsync<StoredMetadata>(
                    stored,
                    ApiConstants.Group,
                    ApiConstants.Version,
                    run.Namespace,
                    ApiConstants.JournalSegmentPlural,
                    stored.Metadata.Name,
                    customHeaders: MetadataOnly,
                    cancellationToken: token),
                cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            // The run was deleted. The caller reads again and sees that there is no journal.
            throw new SegmentConflictException(exception.StatusMessage(), exception);
        }
    }

    /// <summary>Writes a segment. Only the resource version is read from the response.</summary>
    private Task<Segment> StoreAsync(
        RunIdentity run,
        Segment segment,
        Func<JournalSegment, CancellationToken, Task<HttpOperationResponse<StoredMetadata>>> write,
        CancellationToken cancellationToken) => CallAsync(
        async token =>
        {
            var stored = SegmentMapping.ToObject(run, segment);
            using var answer = await write(stored, token);
            return SegmentMapping.ToSegment(stored) with { ResourceVersion = answer.Body.Metadata.ResourceVersion };
        },
        cancellationToken);

    /// <summary>Maps a lost race to a conflict, a refusal that stays to refused, and every other failure except 404 to unavailable.</summary>
    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await call(linked.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SegmentUnavailableException("the API server does not answer", exception);
        }
        catch (HttpOperationException exception) when (exception.IsConflict() || exception.IsAlreadyExists())
        {
            throw new SegmentConflictException(exception.StatusMessage(), exception);
        }
        catch (HttpOperationException exception) when (exception.IsRefusedForGood())
        {
            // Not the server's sentence: it quotes the values that it refuses.
            throw new SegmentRefusedException(exception.Summary(), exception);
        }
        catch (HttpOperationException exception) when (!exception.IsNotFound())
        {
            throw new SegmentUnavailableException(exception.StatusMessage(), exception);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new SegmentUnavailableException("the API server is unavailable", exception);
        }
    }
}
