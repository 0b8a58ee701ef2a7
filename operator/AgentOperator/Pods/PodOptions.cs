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

    /// <summary>The gateway's URL as runner pods reach it.</summary>
    [Required]
    [Url]
    public string GatewayUrl { get; set; } = "";
}
