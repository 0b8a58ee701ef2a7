using System.Text;
using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Effects;

internal sealed class EffectTests : ModelServerFixture
{
    [TestCase("key=k&run=r&note=a%20note", "application/x-www-form-urlencoded", "")]
    [TestCase("""{"key":"k","run":"r","note":"a note"}""", "application/json", "")]
    [TestCase("", "text/plain", "?key=k&run=r&note=a+note")]
    [TestCase("key=other&note=a%20note", "application/x-www-form-urlencoded", "?key=k&run=r")]
    public async Task Post_FieldsInBodyOrQuery_AreRecorded(string body, string contentType, string query)
    {
        using var response = await Client.PostAsync("effects/charge" + query, new StringContent(body, Encoding.UTF8, contentType));

        var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var effect = Server.Effects.List("charge").Effects.Single();
        Assert.That((effect.Number, effect.Name, effect.Key, effect.Run, effect.Note), Is.EqualTo((1L, "charge", "k", "r", "a note")));
        Assert.That(((long?)reply["n"], (string?)reply["key"]), Is.EqualTo((1L, "k")));
    }

    [TestCase("[]")]
    [TestCase("{\"key\":1}")]
    [TestCase("nothing")]
    public async Task Post_WrongJson_Answers400AndRecordsNothing(string body)
    {
        using var response = await Client.PostAsync("effects/charge", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
        Assert.That(Server.Effects.List().Count, Is.Zero);
    }

    [Test]
    public async Task Get_ListsWithCounts()
    {
        await PostEffectAsync("charge?key=a&run=r1");
        await PostEffectAsync("mail?key=a&run=r1");
        await PostEffectAsync("charge?key=a&run=r2");
        await PostEffectAsync("charge?run=r2");
        await PostEffectAsync("charge");

        async Task<(int?, int?, int)> CountsAsync(string path)
        {
            var list = JsonNode.Parse(await Client.GetStringAsync(path))!;
            return ((int?)list["count"], (int?)list["duplicates"], list["effects"]!.AsArray().Count);
        }

        Assert.That(await CountsAsync("effects"), Is.EqualTo((5, 1, 5)));
        Assert.That(await CountsAsync("effects/charge"), Is.EqualTo((4, 1, 4)));
        Assert.That(await CountsAsync("effects/charge?run=r2"), Is.EqualTo((2, 0, 2)));
        Assert.That(await CountsAsync("effects/mail"), Is.EqualTo((1, 0, 1)));
        Assert.That(await CountsAsync("effects/none"), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Post_FailAfter_RecordsAndDropsTheConnection()
    {
        Assert.That(async () => await Client.PostAsync("effects/charge?key=k&failAfter=true", null), Throws.InstanceOf<HttpRequestException>());

        await PostEffectAsync("charge?key=k");
        Assert.That(Server.Effects.List("charge"), Has.Property("Count").EqualTo(2).And.Property("Duplicates").EqualTo(1));
    }

    [Test]
    public async Task Delete_ForgetsAll()
    {
        await PostEffectAsync("charge");
        using var response = await Client.DeleteAsync("effects");

        Assert.That((int)response.StatusCode, Is.EqualTo(204));
        Assert.That(Server.Effects.List().Effects, Is.Empty);
    }

    private async Task PostEffectAsync(string path)
    {
        using var response = await Client.PostAsync("effects/" + path, null);
        response.EnsureSuccessStatusCode();
    }
}
