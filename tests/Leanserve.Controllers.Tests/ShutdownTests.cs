using k8s;
using k8s.Models;
using Leanserve.Controllers.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Leanserve.Controllers.Tests;

/// <summary>The process around the controllers.</summary>
public sealed class ShutdownTests(ApiServerFixture api)
{
    [Fact, Trait("Case", "29")]
    public async Task Stop_InTheMiddleOfAReconcile_LetsItFinishAndBeginsNothingNew()
    {
        var finished = 0;
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Controller = c => c.WithWorkers(1),
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                await Task.Delay(1000, token);
                await self.Writer.ApplyAsync(
                    new V1ConfigMap { Metadata = new V1ObjectMeta { Name = widget.Name, NamespaceProperty = self.Widgets.Namespace } }, token);
                finished++;
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("running");
        await Eventually.True(() => op.Script.CountOf("running") == 1);
        await op.Widgets.CreateAsync("waiting");
        await Eventually.True(() => op.Cache<Widget>().Get(op.Widgets.Namespace, "waiting") is not null);

        await op.StopAsync();
        Assert.Equal(1, finished);
        Assert.Equal(0, op.Script.CountOf("waiting"));
        Assert.Contains(
            (await api.Admin.CoreV1.ListNamespacedConfigMapAsync(op.Widgets.Namespace)).Items, c => c.Metadata.Name == "running");
    }

    [Fact, Trait("Case", "29")]
    public async Task Stop_AReconcileThatNeverEnds_IsCancelledWhenTheDrainIsOver()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Settings = s => s.DrainTimeout = TimeSpan.FromSeconds(1),
            Script = (script, _) => script.OnReconcile = async (widget, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") == 1);

        var started = TimeProvider.System.GetTimestamp();
        await op.StopAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.9, 4);
    }

    [Fact]
    public async Task Probes_BeforeAndAfterTheCachesAreWarm_AnswerAccordingly()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup { WaitUntilReady = false });
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(op.Health);
        await using var web = builder.Build();
        web.MapOperatorHealth();
        await web.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(web.Urls.Single()) };

        Assert.Equal("ok", await http.GetStringAsync("/healthz"));
        await Eventually.TrueAsync(async () => (await http.GetAsync("/readyz")).IsSuccessStatusCode);
    }
}
