using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Reads a complete list, page by page.</summary>
internal sealed class ListPages<T>(IListWatch listWatch, ObjectReader<T> reader, int pageSize)
    where T : IKubernetesObject<V1ObjectMeta>
{
    public async Task<(IReadOnlyList<ReadObject<T>> Objects, string Version)> ReadAsync(CancellationToken cancellationToken)
    {
        List<ReadObject<T>> objects = [];
        string? next = null;
        var asked = listWatch.ListAsync(pageSize, next, cancellationToken);
        while (true)
        {
            ListPage page;
            try
            {
                page = await asked;
            }
            catch (ResourceExpiredException) when (next is not null)
            {
                // The pages of one list are one snapshot, which the server forgets after some minutes. In one piece it cannot expire.
                objects.Clear();
                next = null;
                asked = listWatch.ListAsync(null, next, cancellationToken);
                continue;
            }

            // The server makes the next page ready while this one is read.
            next = page.Metadata?.ContinueProperty;
            var isLast = string.IsNullOrEmpty(next);
            asked = isLast ? asked : listWatch.ListAsync(pageSize, next, cancellationToken);
            objects.AddRange((page.Items ?? []).Select(reader.Read));
            if (isLast)
            {
                return (objects, page.Metadata?.ResourceVersion is { Length: > 0 } version
                    ? version
                    : throw new WatchBrokenException("The list has no resource version."));
            }
        }
    }
}
