using System.Collections.Concurrent;
using System.Reflection;

namespace AgentOperator.Api.Validation;

/// <summary>Caches the attributes of properties, because reflection is slow and every reconcile validates the run.</summary>
internal static class MemberAttributes
{
    /// <summary>The property's attribute of a type; null if it has none.</summary>
    public static T? Attribute<T>(this PropertyInfo member)
        where T : Attribute => Of<T>.Known.GetOrAdd(member, static read => read.GetCustomAttribute<T>());

    private static class Of<T>
        where T : Attribute
    {
        public static readonly ConcurrentDictionary<PropertyInfo, T?> Known = new();
    }
}
