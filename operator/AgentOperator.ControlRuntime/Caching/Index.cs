namespace AgentOperator.ControlRuntime;

/// <summary>Files keys under the values that a function finds in their objects. Not safe for threads: the store locks.</summary>
internal sealed class Index<T>(Func<T, IEnumerable<string>> values)
{
    private readonly Dictionary<string, HashSet<ObjectKey>> _keys = [];
    private readonly Dictionary<ObjectKey, IReadOnlyList<string>> _values = [];

    public IReadOnlyList<string> ValuesOf(T item) => [.. values(item).Distinct()];

    public IEnumerable<ObjectKey> Keys(string value) => _keys.TryGetValue(value, out var keys) ? keys : [];

    public void Put(ObjectKey key, IReadOnlyList<string> newValues)
    {
        Remove(key);
        _values[key] = newValues;
        foreach (var value in newValues)
        {
            if (!_keys.TryGetValue(value, out var keys))
            {
                _keys[value] = keys = [];
            }

            keys.Add(key);
        }
    }

    public void Remove(ObjectKey key)
    {
        if (!_values.Remove(key, out var values))
        {
            return;
        }

        foreach (var value in values)
        {
            var keys = _keys[value];
            keys.Remove(key);
            if (keys.Count == 0)
            {
                _keys.Remove(value);
            }
        }
    }
}
