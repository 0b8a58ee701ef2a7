using System.Text.Json;

namespace AgentOperator.Gateway.Models;

/// <summary>What the gateway must know of a chat completion request; the body itself goes to the provider as it is.</summary>
internal sealed record ModelRequest(string Model, int? MaxOutputTokens)
{
    /// <summary>The name of the field that limits the output tokens; null if the request has none.</summary>
    public string? OutputLimit { get; init; }

    /// <exception cref="GatewayException">The body is no request that this gateway can serve.</exception>
    public static ModelRequest Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            string? model = null;
            int? limit = null;
            string? limitName = null;
            var hasMessages = false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw GatewayException.Invalid("the body is not a JSON object");
            }

            // Only the top level is read: the conversation may be megabytes.
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                switch (name)
                {
                    case "model" when reader.TokenType == JsonTokenType.String:
                        model = reader.GetString();
                        break;
                    case "messages":
                        hasMessages = reader.TokenType == JsonTokenType.StartArray;
                        reader.Skip();
                        break;
                    case "stream" when reader.TokenType == JsonTokenType.True:
                        throw GatewayException.Invalid("stream: an answer is committed as a whole before it is returned, so it cannot be streamed");
                    case "n" when reader.TokenType == JsonTokenType.Number && (!reader.TryGetInt32(out var n) || n != 1):
                        throw GatewayException.Invalid("n: one answer a call is all that is committed");
                    case "max_tokens" or "max_completion_tokens" when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var tokens):
                        (limit, limitName) = (tokens, name);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            return model is null ? throw GatewayException.Invalid("model: must be the run's model")
                : !hasMessages ? throw GatewayException.Invalid("messages: must be a list")
                : new ModelRequest(model, limit) { OutputLimit = limitName };
        }
        catch (JsonException exception)
        {
            throw new GatewayException(
                StatusCodes.Status400BadRequest,
                Protocol.ErrorCodes.InvalidRequest,
                $"the body is not JSON, at byte {exception.BytePositionInLine}",
                inner: exception);
        }
    }
}
