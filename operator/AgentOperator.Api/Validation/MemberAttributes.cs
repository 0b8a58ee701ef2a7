using System.Collections.Concurrent;
using System.Reflection;

namespace AgentOperator.Api.Validation;

/// <summary>The attributes of properties, remembered: reflection reads them anew each time, and a run is validated at every look at it.</summary>
internal static class MemberAttributes
{
    /// <summary>The property's attribute of a kind; null when it has none.</summary>
    public static T? Attribute<T>(this PropertyInfo member)
        where T : Attribute => Of<T>.Known.GetOrAdd(member, static read => read.GetCustomAttribute<T>());

    private static class Of<T>
        where T : Attribute
    {
        public static readonly ConcurrentDictionary<PropertyInfo, T?> Known = new();
    }
}
