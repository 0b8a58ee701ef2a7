using Microsoft.Extensions.Options;

namespace AgentOperator.ControlRuntime;

/// <summary>Checks what holds between options.</summary>
internal sealed class ControlRuntimeOptionsValidator : IValidateOptions<ControlRuntimeOptions>
{
    public ValidateOptionsResult Validate(string? name, ControlRuntimeOptions options)
    {
        if (options.RenewDeadline >= options.LeaseDuration)
        {
            return ValidateOptionsResult.Fail("RenewDeadline must be less than LeaseDuration: a leader has to give up before another one may start.");
        }

        return options.RetryPeriod >= options.RenewDeadline
            ? ValidateOptionsResult.Fail("RetryPeriod must be less than RenewDeadline: a leader has to try at least once before it gives up.")
            : ValidateOptionsResult.Success;
    }
}
