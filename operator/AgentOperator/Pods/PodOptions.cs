using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Pods;

/// <summary>What every runner pod is given.</summary>
internal sealed class PodOptions
{
    /// <summary>The runner image of runs that name none.</summary>
    [Required]
    public string RunnerImage { get; set; } = "";

    /// <summary>Pull policy of that image: <c>Always</c>, <c>IfNotPresent</c> (default) or <c>Never</c>.</summary>
    [RegularExpression("^(Always|IfNotPresent|Never)$")]
    public string RunnerImagePullPolicy { get; set; } = "IfNotPresent";

    /// <summary>How runners write their logs: <c>text</c> (default) or <c>json</c>.</summary>
    [RegularExpression("^(text|json)$")]
    public string RunnerLogFormat { get; set; } = "text";

    /// <summary>
    /// The user and group that runner pods run as; null (an empty variable) leaves them to the platform, such as OpenShift, which assigns each
    /// namespace a range. Default 65532, the user of the runner image.
    /// </summary>
    [Range(1, uint.MaxValue)]
    public long? RunnerUser { get; set; } = 65532;

    /// <summary>
    /// The architecture that the runner image is built for, as in the node label kubernetes.io/arch; empty for any. Does not apply to runs with
    /// an image of their own. Default <c>amd64</c>.
    /// </summary>
    public string RunnerArch { get; set; } = "amd64";

    /// <summary>The gateway's URL as runner pods reach it.</summary>
    [Required]
    [Url]
    public string GatewayUrl { get; set; } = "";
}
