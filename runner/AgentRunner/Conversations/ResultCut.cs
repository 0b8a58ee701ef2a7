using System.Globalization;

namespace AgentRunner.Conversations;

/// <summary>Cuts a tool result that does not fit into the model's context. Keeps its two ends and tells the model what is missing.</summary>
internal static class ResultCut
{
    /// <summary>The result with at most so many bytes, or as few as the sentence about it has.</summary>
    public static string To(string content, int maxBytes)
    {
        var size = Utf8.Size(content);
        var least = Sentence(size, size);
        if (size <= maxBytes || size <= Utf8.Size(least))
        {
            return content;
        }

        // The sentence only gets shorter when less is left out.
        var kept = maxBytes - Utf8.Size(least) - 2;
        if (kept <= 0)
        {
            return least;
        }

        var (beginning, end) = (Utf8.Beginning(content, kept - (kept / 2)), Utf8.End(content, kept / 2));
        return $"{beginning}\n{Sentence(size - Utf8.Size(beginning) - Utf8.Size(end), size)}\n{end}";
    }

    /// <summary>The size of a call's result when it is cut as far as it can be.</summary>
    public static long ShortestSize(CallState call) => Math.Min(Utf8.Size(call.SentContent), Utf8.Size(To(call.Outcome!.Content, 0)));

    /// <summary>How large each of some results may be at most, so that all of them together have at most so many bytes.</summary>
    public static int EvenShare(IEnumerable<int> sizes, long maxBytes)
    {
        var left = sizes.Order().ToList();
        for (var i = 0; i < left.Count; i++)
        {
            var share = maxBytes / (left.Count - i);
            if (left[i] > share)
            {
                return (int)share;
            }

            maxBytes -= left[i];
        }

        return int.MaxValue;
    }

    private static string Sentence(int leftOut, int size) => string.Create(
        CultureInfo.InvariantCulture,
        $"[{leftOut} of the {size} bytes of this result are left out: they do not fit into the model's context. Ask the tool for less at a time.]");
}
