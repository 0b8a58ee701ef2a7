namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>A kind of call of the API server.</summary>
/// <param name="Verb">POST, PUT, PATCH, APPLY, DELETE, GET, LIST, WATCH, …</param>
/// <param name="Resource">The plural, such as <c>pods</c>.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for none.</param>
/// <param name="Code">The HTTP status that was answered.</param>
internal sealed record ApiCall(string Verb, string Resource, string Subresource, int Code)
{
    /// <summary>Whether it changes something, or asks to.</summary>
    public bool IsWrite => Verb is "POST" or "PUT" or "PATCH" or "APPLY" or "DELETE" or "DELETECOLLECTION";

    /// <summary>
    /// Whether it is a write of the operator beside the journal: each of these is written by nobody else. The simulated nodes write bindings,
    /// the status of pods and tokens; reviews of tokens are kept by nobody.
    /// </summary>
    public bool IsOperatorWrite => IsWrite && (Resource, Subresource, Verb) switch
    {
        ("agentruns", "status", _) => true,
        ("pods", "", "POST" or "PATCH") => true,
        ("events", "", _) => true,
        _ => false,
    };

    /// <summary>Whether it is a write of the journal.</summary>
    public bool IsJournalWrite => IsWrite && Resource == "journalsegments";

    public override string ToString() => $"{Verb} {Resource}{(Subresource.Length > 0 ? "/" : "")}{Subresource} {Code}";
}
