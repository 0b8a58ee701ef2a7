using System.Globalization;
using System.Text.RegularExpressions;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Parses Kubernetes quantities. Accepts exactly what the schema accepts.</summary>
public static partial class Quantity
{
    /// <summary>Parses a quantity into cores or bytes. False if the text is not a quantity or the value is too large.</summary>
    public static bool TryParse(string? text, out decimal value)
    {
        value = 0;
        if (text is null || text.Length > QuantityAttribute.MaxLength || !Shape().IsMatch(text))
        {
            return false;
        }

        var digits = text.TrimEnd('m', 'k', 'M', 'G', 'T', 'P', 'E', 'K', 'i');
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue)
        {
            return false;
        }

        value = number * Unit(text[digits.Length..]);
        return value <= long.MaxValue;
    }

    private static decimal Unit(string suffix) => suffix switch
    {
        "m" => 0.001m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        _ => 1,
    };

    [GeneratedRegex(QuantityAttribute.Pattern)]
    private static partial Regex Shape();
}
