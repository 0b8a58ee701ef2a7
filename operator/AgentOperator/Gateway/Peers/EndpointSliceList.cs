namespace AgentOperator.Gateway.Peers;

/// <summary>What is read of a Service's EndpointSlices. These fields are the same in discovery.k8s.io/v1 and v1beta1.</summary>
internal sealed record EndpointSliceList(IReadOnlyList<EndpointSlice>? Items = null);

/// <summary>A slice of a Service's endpoints.</summary>
internal sealed record EndpointSlice(IReadOnlyList<SliceEndpoint>? Endpoints = null);

/// <summary>One endpoint.</summary>
internal sealed record SliceEndpoint
{
    /// <summary>All of them reach the same pod; the API says to use the first.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    public EndpointConditions? Conditions { get; init; }

    public EndpointTarget? TargetRef { get; init; }

    /// <summary>Whether it answers. An endpoint that is terminating is not ready, but serves until it has drained.</summary>
    public bool IsServing => Conditions?.Serving ?? Conditions?.Ready ?? true;
}

/// <summary>An endpoint's conditions. One that is missing is unknown.</summary>
/// <param name="Ready">Whether it takes new connections; unknown counts as true.</param>
/// <param name="Serving">Whether it answers, even while it terminates. Servers before 1.22 do not tell.</param>
internal sealed record EndpointConditions(bool? Ready = null, bool? Serving = null);

/// <summary>The pod behind an endpoint.</summary>
internal sealed record EndpointTarget(string? Name = null);
