using AgentOperator.ControlRuntime;
using k8s.Autorest;

namespace AgentOperator.Hosting;

/// <summary>Exceptions as the log has them, with summaries in place of the API server's answers, which may quote an object.</summary>
internal static class LoggedRefusals
{
    /// <summary>The exception with its stack and what caused it.</summary>
    public static string Describe(Exception logged)
    {
        var text = logged.ToString();
        for (var exception = logged; exception is not null; exception = exception.InnerException)
        {
            text = exception is HttpOperationException refused ? text.Replace(refused.Message, refused.Summary(), StringComparison.Ordinal) : text;
        }

        return text;
    }
}
