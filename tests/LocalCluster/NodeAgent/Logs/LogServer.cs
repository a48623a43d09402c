using System.Net;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Models;
using LocalCluster.ControlPlane.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace LocalCluster.NodeAgents;

/// <summary>Serves the part of kubelet's HTTPS API that <c>kubectl logs</c> needs, to the API server only.</summary>
internal sealed class LogServer : IAsyncDisposable
{
    private readonly NodeServices _node;
    private readonly Func<IEnumerable<PodWorker>> _pods;
    private readonly WebApplication _application;
    private readonly X509Certificate2 _authority;

    public LogServer(NodeServices node, Func<IEnumerable<PodWorker>> pods)
    {
        (_node, _pods) = (node, pods);
        _authority = X509Certificate2.CreateFromPem(node.Options.CaCertificatePem);
        Port = FreePort.Next(node.Options.Network.HostAddress);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(node.Options.Network.HostAddress, Port, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = node.Options.ServingCertificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => IsApiServer(certificate);
        })));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public int Port { get; }

    public Task StartAsync(CancellationToken cancellation) => _application.StartAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        _authority.Dispose();
    }

    private bool IsApiServer(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate) && certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == _node.Options.ApiServerClientName;
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value?.Trim('/').Split('/') switch
    {
        ["healthz"] => context.Response.WriteAsync("ok"),
        ["pods"] => context.Response.WriteAsync(KubernetesJson.Serialize(new V1PodList { Items = [.. _pods().Select(worker => worker.Pod)] })),
        ["containerLogs", var podNamespace, var pod, var container] => SendLogAsync(context, podNamespace, pod, container),
        _ => RefuseAsync(context, $"this node agent serves logs only, not {context.Request.Path}")
    };

    private async Task SendLogAsync(HttpContext context, string podNamespace, string pod, string container)
    {
        var worker = _pods().FirstOrDefault(candidate => candidate.Pod.Metadata.Name == pod && candidate.Pod.Metadata.NamespaceProperty == podNamespace);
        if (worker?.LogsOf(container) is not { } logs)
        {
            await RefuseAsync(context, $"container \"{container}\" of pod \"{podNamespace}/{pod}\" is not on this node").ConfigureAwait(false);
            return;
        }

        var query = LogQuery.From(context.Request.Query);
        var run = logs.Snapshot.RestartCount - (query.Previous ? 1 : 0);
        var path = ContainerLog.PathOf(logs.Folder, run);
        if (!File.Exists(path))
        {
            await RefuseAsync(context, query.Previous
                ? $"previous terminated container \"{container}\" in pod \"{pod}\" not found"
                : $"container \"{container}\" in pod \"{pod}\" is waiting to start: {logs.Snapshot.State.Waiting?.Reason}", HttpStatusCode.BadRequest).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        bool MayGrow() => !query.Previous && worker.LogsOf(container) is { Snapshot: { IsRunning: true } now } && now.RestartCount == run;
        await new LogStream(path, query, MayGrow, _node.Time).CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext context, string message, HttpStatusCode status = HttpStatusCode.NotFound)
    {
        context.Response.StatusCode = (int)status;
        return context.Response.WriteAsync(message);
    }
}
