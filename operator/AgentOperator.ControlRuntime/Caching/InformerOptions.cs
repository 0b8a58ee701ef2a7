using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>What an informer watches and how it reads it.</summary>
/// <typeparam name="T">The kind of object.</typeparam>
public sealed class InformerOptions<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<string, Func<T, IEnumerable<string>>> _indexes = [];

    /// <summary>Only this namespace; null (the default) for all. Ignored for cluster-scoped kinds.</summary>
    public string? Namespace { get; set; }

    /// <summary>Only objects with these labels, in the API's selector syntax; null (the default) for all.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>Only objects with these fields, in the API's selector syntax; null (the default) for all.</summary>
    public string? FieldSelector { get; set; }

    /// <summary>How the objects are read and written; null (the default) for KubernetesClient's own options.</summary>
    public JsonSerializerOptions? JsonOptions { get; set; }

    /// <summary>
    /// Reduces an object to what the cache keeps of it. Returns the object itself, changed or not, or another with the same name and resource
    /// version. Null (the default) keeps the object as it came. Managed fields are always dropped.
    /// </summary>
    public Func<T, T>? Transform { get; set; }

    /// <summary>
    /// True to ask the server for metadata only. Use it for kinds of which only names, labels, annotations or owners matter. Everything but
    /// <c>metadata</c> is empty, so the type must be readable without the rest. Default false.
    /// </summary>
    public bool MetadataOnly { get; set; }

    /// <summary>
    /// True to list from the API server's watch cache: fast, but unpaged and possibly stale. Use it for selectors that match few of many
    /// objects. Default false: consistent, paged reads.
    /// </summary>
    public bool ListFromServerCache { get; set; }

    /// <summary>Objects a list page holds at most. Default 500.</summary>
    [Range(1, 10000)]
    public int PageSize { get; set; } = 500;

    /// <summary>The indexes by name.</summary>
    public IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> Indexes => _indexes;

    /// <summary>Adds an index that <see cref="ILister{T}.ByIndex" /> reads.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The values an object is filed under; must not throw.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public InformerOptions<T> AddIndex(string name, Func<T, IEnumerable<string>> values)
    {
        _indexes.Add(name, values);
        return this;
    }
}
