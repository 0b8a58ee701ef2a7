using AgentRunner.TestMcpServer;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddMcpServer().WithHttpTransport().WithTools([new EchoTool(), new FailingTool(), new HiddenTool(), new AnnotatedTool()]);
var app = builder.Build();
app.MapMcp("/mcp");
await app.StartAsync();

// The test reads the address from the first line, and ends the server by closing its standard input.
await Console.Out.WriteLineAsync(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
await Console.In.ReadToEndAsync();
await app.StopAsync();
