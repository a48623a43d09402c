using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>Ten thousand real connections that never bring a whole request, on the server as a process of its own with its default limits.</summary>
public sealed class ManyConnectionsTests(TinyModel model, ITestOutputHelper output) : IDisposable
{
    private const int Connections = 10_000;
    private const int ConnectingAtOnce = 250;
    private const int BytesPerConnection = 40_000;

    private static readonly byte[][] Beginnings =
    [
        [],
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-"u8.ToArray(),
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\""u8.ToArray(),
    ];

    // Idle connections end after 60 s, bodies after 30 s, headers after 10 s; a busy machine gets some more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly PodProcess pod = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => pod.Dispose();

    [Fact]
    public async Task Connections_TenThousandIdleAndSlowOnes_LeaveOthersUnharmedAndEnd()
    {
        RequireDescriptors();
        var config = TestServer.Config(model) with { Port = FreePort.Next() };
        using var process = await pod.ServeAsync(config, Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{config.Port}") };
        List<Socket> sockets = [];
        try
        {
            // What the server writes must not fill its pipe.
            process.BeginOutputReadLine();
            var alone = await AskAsync(http);
            var memory = ResidentBytes(process);

            await ConnectAsync(sockets, config.Port);
            var ends = sockets.Select(EndAsync).ToList();
            var beside = new List<string>();
            while (beside.Count < 5 || ends.Exists(end => !end.IsCompleted))
            {
                beside.Add(await AskAsync(http).WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
                if (beside.Count == 5)
                {
                    var each = (ResidentBytes(process) - memory) / Connections;
                    output.WriteLine($"{each} bytes a connection");
                    Assert.InRange(each, 0, BytesPerConnection);
                }
            }

            Assert.All(beside, answer => Assert.Equal(alone, answer));
            var lastWords = await Task.WhenAll(ends);
            Assert.All(lastWords.Index(), end => Assert.Equal(Beginnings[end.Index % Beginnings.Length].Length == 0 ? "" : "HTTP/1.1 408", end.Item));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
            process.Kill();
        }
    }

    private static async Task ConnectAsync(List<Socket> sockets, int port)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, port);
        foreach (var part in Enumerable.Range(0, Connections).Chunk(ConnectingAtOnce))
        {
            sockets.AddRange(await Task.WhenAll(part.Select(async index =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(endpoint, Cancellation);
                await socket.SendAsync(Beginnings[index % Beginnings.Length], Cancellation);
                return socket;
            })));
        }
    }

    /// <summary>The start of what the server says before it closes the connection; empty where it says nothing.</summary>
    private static async Task<string> EndAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var said = "";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var received)
            {
                said += Encoding.ASCII.GetString(buffer, 0, received);
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset)
        {
            // The server closed it while bytes of ours were under way.
        }

        return said[..Math.Min(said.Length, "HTTP/1.1 408".Length)];
    }

    private static async Task<string> AskAsync(HttpClient http)
    {
        using var content = new StringContent(
            """{"model":"handbook","messages":[{"role":"user","content":"How long may goods be returned?"}],"seed":4,"max_tokens":30}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("/v1/chat/completions", content, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["choices"]!.ToJsonString();
    }

    private static long ResidentBytes(Process process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    // .NET raises the soft limit to the hard one when a process starts, the server's too.
    private static void RequireDescriptors()
    {
        var line = File.ReadLines("/proc/self/limits").First(each => each.StartsWith("Max open files", StringComparison.Ordinal));
        var limit = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        Assert.True(
            limit == "unlimited" || long.Parse(limit, CultureInfo.InvariantCulture) > Connections + 2000,
            $"{Connections} connections need {Connections + 2000} open files, but this user may have {limit}; raise the limit with ulimit -n.");
    }
}
