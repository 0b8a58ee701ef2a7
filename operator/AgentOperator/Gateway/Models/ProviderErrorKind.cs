namespace AgentOperator.Gateway.Models;

/// <summary>What a provider's error is about.</summary>
internal enum ProviderErrorKind
{
    /// <summary>The error does not say; the status decides.</summary>
    Unknown,

    /// <summary>The provider is busy or broken. It passes.</summary>
    Busy,

    /// <summary>The quota, the credit or the budget at the provider is used up.</summary>
    Quota,

    /// <summary>The key.</summary>
    Key,

    /// <summary>The model's name.</summary>
    Model,

    /// <summary>The length of the request.</summary>
    Length,

    /// <summary>The request itself.</summary>
    Request,
}
