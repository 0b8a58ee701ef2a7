namespace AgentRunner.Gateway;

/// <summary>The projected service-account token. Read for every request: the kubelet replaces the file while the pod runs.</summary>
internal sealed class TokenFile(string path)
{
    /// <summary>The token as it is now.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GatewayException($"The token file cannot be read: {exception.GetType().Name}.", exception);
        }
    }
}
