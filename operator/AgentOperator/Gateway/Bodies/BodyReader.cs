using AgentOperator.Gateway.Identity;
using AgentOperator.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace AgentOperator.Gateway.Bodies;

/// <summary>
/// Reads the bodies of requests within the <see cref="BodyBudget"/>. A body whose length is known is refused before it is read; another one as soon
/// as it no longer fits.
/// </summary>
internal sealed class BodyReader(BodyBudget budget, TimeProvider time)
{
    /// <summary>The largest body.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>What a body counts at least, so that many small ones are bounded, too.</summary>
    public const int LeastBytes = 4 * 1024;

    /// <summary>How long a body may take to arrive. The server alone would wait as long as some bytes come now and then.</summary>
    public static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(60);

    /// <summary>Reads the whole body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="runner">Who sent it.</param>
    /// <exception cref="BadHttpRequestException">It is larger than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="GatewayException">There is no room for it, it breaks off, or it takes too long.</exception>
    public async Task<HeldBody> ReadAsync(HttpContext context, RunnerIdentity runner)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        var share = budget.Open(runner.Run.Uid);
        try
        {
            return new HeldBody(await ReadAsync(context, share), share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, BodyShare share)
    {
        var expected = (int)Math.Min(context.Request.ContentLength ?? LeastBytes, MaxBytes);
        share.Take(Math.Max(expected, LeastBytes));

        // One byte more, where the body's end is seen.
        var buffer = new byte[expected + 1];
        var length = 0;
        using var longest = new CancellationTokenSource(LongestRead, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, longest.Token);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer.AsMemory(length), linked.Token) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length)
                {
                    share.Take(buffer.Length);
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }
            }
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The runner died while it was sending. Kestrel may report that before it cancels the request.
            throw GatewayException.Invalid("the body breaks off");
        }
        catch (OperationCanceledException) when (longest.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new GatewayException(
                StatusCodes.Status408RequestTimeout, ErrorCodes.BodyTimeout, $"the body did not arrive within {LongestRead.TotalSeconds:0} s");
        }

        return buffer.AsMemory(0, length);
    }
}
