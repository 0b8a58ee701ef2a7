using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Journal;

/// <summary>Adds a journal store to an application.</summary>
public static class JournalServices
{
    /// <summary>
    /// Adds the store that keeps journals in JournalSegment objects. The host must add an informer of <see cref="Api.JournalSegmentHeader"/>.
    /// </summary>
    /// <param name="services">The services to add to.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKubernetesJournal(this IServiceCollection services) => services
        .AddSingleton<TouchedSegments>()
        .AddSingleton<ISegmentClient, KubernetesSegmentClient>()
        .AddSingleton<IJournalStore, SegmentJournalStore>();
}
