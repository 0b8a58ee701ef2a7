namespace AgentOperator.EndToEnd.Servers;

/// <summary>
/// A language model with random weights, small enough for a ConfigMap. Its tokens are bytes. It says nothing that makes sense, but prefers to
/// end a text soon, and calls a tool where it is allowed to.
/// </summary>
internal static class TinyModel
{
    /// <summary>What begins a tool call; one token.</summary>
    private const string ToolCall = "<tool_call>";

    /// <summary>How a conversation is put before the model, with calls and results as most templates write them.</summary>
    private const string Template = """
        {%- if tools %}{{- "<|im_start|>system\nTools:\n<tools>" }}
        {%- for tool in tools %}{{- "\n" }}{{- tool | tojson }}{%- endfor %}
        {{- "\n</tools>\nCall one so:\n<tool_call>\n{\"name\": <name>, \"arguments\": <arguments>}\n</tool_call><|im_end|>\n" }}{%- endif %}
        {%- for message in messages %}
        {%- if message.role == "tool" %}{{- "<|im_start|>user\n<tool_response>\n" + message.content + "\n</tool_response><|im_end|>\n" }}
        {%- elif message.role == "assistant" %}{{- "<|im_start|>assistant\n" }}{%- if message.content %}{{- message.content }}{%- endif %}
        {%- for call in message.tool_calls or [] %}
        {{- "<tool_call>\n{\"name\": \"" + call.function.name + "\", \"arguments\": " }}
        {{- call.function.arguments | tojson }}{{- "}\n</tool_call>" }}
        {%- endfor %}{{- "<|im_end|>\n" }}
        {%- else %}{{- "<|im_start|>" + message.role + "\n" + message.content + "<|im_end|>\n" }}{%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- "<|im_start|>assistant\n" }}{%- endif %}
        """;

    private const int Layers = 2;
    private const int Width = 32;
    private const int Hidden = 64;
    private const int Heads = 2;
    private const int Context = 32768;

    /// <summary>The first three tokens are not bytes, nor are the last two.</summary>
    private const int FirstByte = 3;

    private const int LineFeed = FirstByte + '\n';

    private const float Certain = 40;
    private const float Unlikely = -12;
    private const float Likely = 2;

    /// <summary>How large a token's embedding is in the directions that are not random.</summary>
    private const float Steady = 4;

    /// <summary>The direction that all tokens share: how likely each token is at any place is set there.</summary>
    private const int Always = 0;

    /// <summary>The direction of the line feed, after which an answer begins: a tool call follows.</summary>
    private const int AfterLineFeed = 1;

    /// <summary>The direction of the token that begins a tool call: a line feed follows.</summary>
    private const int AfterToolCall = 2;

    /// <summary>The file. It is the same each time.</summary>
    public static byte[] Write()
    {
        var random = new Random(1);
        var tokens = Tokens();
        var file = new GgufWriter()
            .Add("general.architecture", "llama")
            .Add("general.name", "tiny")
            .Add("llama.context_length", Context)
            .Add("llama.embedding_length", Width)
            .Add("llama.block_count", Layers)
            .Add("llama.feed_forward_length", Hidden)
            .Add("llama.attention.head_count", Heads)
            .Add("llama.attention.head_count_kv", Heads)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Add("llama.rope.dimension_count", Width / Heads)
            .Add("llama.vocab_size", (uint)tokens.Count)
            .Add("tokenizer.ggml.model", "llama")
            .Add("tokenizer.ggml.tokens", [.. tokens.Select(token => token.Text)])
            .Add("tokenizer.ggml.scores", [.. tokens.Select(_ => 0f)])
            .Add("tokenizer.ggml.token_type", [.. tokens.Select(token => token.Type)])
            .Add("tokenizer.ggml.unknown_token_id", 0)
            .Add("tokenizer.ggml.bos_token_id", 1)
            .Add("tokenizer.ggml.eos_token_id", 2)
            .Add("tokenizer.ggml.add_space_prefix", false)
            .Add("tokenizer.chat_template", Template)
            .AddTensor("token_embd.weight", Width, Embeddings(tokens, random))
            .AddTensor("output_norm.weight", Width, Ones())
            .AddTensor("output.weight", Width, Outputs(tokens, random));
        for (var layer = 0; layer < Layers; layer++)
        {
            file.AddTensor($"blk.{layer}.attn_norm.weight", Width, Ones())
                .AddTensor($"blk.{layer}.ffn_norm.weight", Width, Ones())
                .AddTensor($"blk.{layer}.ffn_gate.weight", Width, Noise(random, Width * Hidden))
                .AddTensor($"blk.{layer}.ffn_up.weight", Width, Noise(random, Width * Hidden))
                .AddTensor($"blk.{layer}.ffn_down.weight", Hidden, Noise(random, Width * Hidden));
            foreach (var part in new[] { "q", "k", "v", "output" })
            {
                file.AddTensor($"blk.{layer}.attn_{part}.weight", Width, Noise(random, Width * Width));
            }
        }

        return file.ToArray();
    }

    private static List<(string Text, int Type)> Tokens() =>
    [
        // Types: 1 normal, 2 unknown, 3 control, 4 defined by a user, 6 byte.
        ("<unk>", 2), ("<s>", 3), ("</s>", 3),
        .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 6)),
        ("\u2581", 1), (ToolCall, 4),
    ];

    private static float[] Embeddings(List<(string Text, int Type)> tokens, Random random)
    {
        var rows = Noise(random, tokens.Count * Width, 1);
        for (var token = 0; token < tokens.Count; token++)
        {
            var row = rows.AsSpan(token * Width, Width);
            row[Always] = Steady;
            row[AfterLineFeed] = token == LineFeed ? Steady : 0;
            row[AfterToolCall] = tokens[token].Text == ToolCall ? Steady : 0;
        }

        return rows;
    }

    private static float[] Outputs(List<(string Text, int Type)> tokens, Random random)
    {
        var rows = Noise(random, tokens.Count * Width, 0.3f);
        for (var token = 0; token < tokens.Count; token++)
        {
            var row = rows.AsSpan(token * Width, Width);
            row[Always] = Likelihood(token - FirstByte, tokens[token].Text) / Steady;
            row[AfterLineFeed] = tokens[token].Text == ToolCall ? Certain / Steady : 0;
            row[AfterToolCall] = token == LineFeed ? Certain / Steady : 0;
        }

        return rows;
    }

    private static float Likelihood(int value, string text) => value switch
    {
        '"' => Likely,
        >= 'a' and <= 'z' or >= '0' and <= '9' => 0,
        _ when text == "</s>" => Likely,
        _ => Unlikely,
    };

    private static float[] Ones() => [.. Enumerable.Repeat(1f, Width)];

    private static float[] Noise(Random random, int count, float size = 0.05f) =>
        [.. Enumerable.Range(0, count).Select(_ => size * (float)((random.NextDouble() * 2) - 1))];
}
