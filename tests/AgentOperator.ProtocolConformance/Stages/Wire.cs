using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>The network before the gateway: it notes every exchange, and has faults.</summary>
internal sealed class Wire
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private readonly List<(Fault Fault, int Left)> _faults = [];
    private readonly ConcurrentQueue<Exchange> _exchanges = new();

    /// <summary>What arrived so far, in order.</summary>
    public IReadOnlyList<Exchange> Exchanges => [.. _exchanges];

    /// <summary>The same without heartbeats, which come when they like.</summary>
    public IReadOnlyList<Exchange> Steps => [.. _exchanges.Where(exchange => !exchange.IsHeartbeat)];

    /// <summary>The model calls.</summary>
    public IReadOnlyList<Exchange> Chats => [.. _exchanges.Where(exchange => exchange.IsChat)];

    /// <summary>What was seen, for a finding.</summary>
    public string Story => string.Join("; ", Steps);

    /// <summary>Adds a fault. Each request meets the first that strikes it.</summary>
    public void Add(Fault fault)
    {
        lock (_lock)
        {
            _faults.Add((fault, fault.Times));
        }
    }

    /// <summary>Takes one request to the gateway and back.</summary>
    public async Task HandleAsync(HttpContext context, Func<Task> gateway)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        context.Request.Body = body;
        var exchange = Exchange.Of(context.Request, body.ToArray());
        _exchanges.Enqueue(exchange);
        var fault = FaultFor(exchange);
        await (fault?.Before?.Invoke(exchange) ?? Task.CompletedTask);
        if (fault?.IsLost == true)
        {
            context.Abort();
            return;
        }

        if (fault?.Answer is { } answer)
        {
            await answer(context.Response);
            exchange.Status = context.Response.StatusCode;
            return;
        }

        await AnswerAsync(context, gateway, exchange, fault);
    }

    private static async Task AnswerAsync(HttpContext context, Func<Task> gateway, Exchange exchange, Fault? fault)
    {
        var (response, wire) = (context.Response, context.Response.Body);
        using var written = new MemoryStream();
        response.Body = written;
        await gateway();
        response.Body = wire;
        exchange.Answer = fault?.Rewrite is { } rewrite && response.StatusCode == 200 ? rewrite(written.ToArray()) : written.ToArray();
        exchange.Status = response.StatusCode;
        await (fault?.After?.Invoke(exchange) ?? Task.CompletedTask);
        if (fault?.IsAnswerLost == true || context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
            return;
        }

        response.ContentLength = fault?.IsSlow == true ? null : exchange.Answer.Length;
        foreach (var piece in fault?.IsSlow == true ? exchange.Answer.Chunk(Math.Max(16, exchange.Answer.Length / 20)) : [exchange.Answer])
        {
            await wire.WriteAsync(piece, context.RequestAborted);
            if (fault?.IsSlow == true)
            {
                await wire.FlushAsync(context.RequestAborted);
                await Task.Delay(Pause, TimeProvider.System, context.RequestAborted);
            }
        }
    }

    private Fault? FaultFor(Exchange exchange)
    {
        lock (_lock)
        {
            var index = _faults.FindIndex(fault => fault.Left > 0 && fault.Fault.Strikes(exchange));
            if (index < 0)
            {
                return null;
            }

            _faults[index] = _faults[index] with { Left = _faults[index].Left - 1 };
            return _faults[index].Fault;
        }
    }
}
