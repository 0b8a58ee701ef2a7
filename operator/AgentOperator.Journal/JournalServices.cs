using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Journal;

/// <summary>Adds a journal store to an application.</summary>
public static class JournalServices
{
    /// <summary>Adds the store that keeps journals in JournalSegment objects. It reads an informer of <see cref="Api.JournalSegmentHeader"/>, which the host adds.</summary>
    /// <param name="services">The application.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddKubernetesJournal(this IServiceCollection services) => services
        .AddSingleton<ISegmentClient, KubernetesSegmentClient>()
        .AddSingleton<IJournalStore, SegmentJournalStore>();
}
