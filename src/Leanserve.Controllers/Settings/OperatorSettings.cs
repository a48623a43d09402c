using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers;

/// <summary>How the controller runtime of this process behaves.</summary>
public sealed class OperatorSettings
{
    /// <summary>The operator's name; part of the lease's name and the source of its events.</summary>
    public string Name { get; set; } = "kubernetes-operator";

    /// <summary>The one namespace to work in, for which a Role suffices; null for the whole cluster.</summary>
    public string? Namespace { get; set; }

    /// <summary>The field manager of everything this operator applies. Null: <see cref="Name"/>. Never change it between versions.</summary>
    public string? FieldManager { get; set; }

    /// <summary>Whether replicas elect a leader.</summary>
    public LeaderElectionType LeaderElectionType { get; set; } = LeaderElectionType.None;

    /// <summary>Name of the Lease. Null: <see cref="Name"/> with <c>-leader</c>.</summary>
    public string? LeaderElectionLeaseName { get; set; }

    /// <summary>Namespace of the Lease. Null: <see cref="Namespace"/>, else that of the process's own pod, else <c>default</c>.</summary>
    public string? LeaderElectionLeaseNamespace { get; set; }

    /// <summary>This replica's name in the Lease; must be unique. Null: host name and a random part.</summary>
    public string? LeaderElectionIdentity { get; set; }

    /// <summary>Others take over a Lease that was not renewed for this long.</summary>
    /// <value>The default is 15 seconds.</value>
    public TimeSpan LeaderElectionLeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The leader stops writing when it could not renew for this long; must be shorter than the lease.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan LeaderElectionRenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between attempts to renew or take the Lease.</summary>
    /// <value>The default is 2 seconds.</value>
    public TimeSpan LeaderElectionRetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Reconciles at the same time, per controller.</summary>
    /// <value>The default is 4. A controller may set its own.</value>
    public int Workers { get; set; } = 4;

    /// <summary>Every object is reconciled at least this often.</summary>
    /// <value>The default is 10 minutes. A controller may set its own.</value>
    public TimeSpan ResyncPeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A reconcile is cancelled after this time, and its worker moves on even if it does not heed that.</summary>
    /// <value>The default is 2 minutes. A controller may set its own.</value>
    public TimeSpan ReconcileTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>On shutdown, running reconciles get this long to finish. Keep it under the pod's termination grace period.</summary>
    /// <value>The default is 20 seconds.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Limit for one request, watches and waiting out a Retry-After excepted.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Delay before a failed reconcile is tried again.</summary>
    public BackoffOptions Retry { get; } = new();

    /// <summary>How lists and watches behave.</summary>
    public WatchSettings Watch { get; } = new();

    internal string EffectiveFieldManager => FieldManager ?? Name;

    internal string EffectiveLeaseName => LeaderElectionLeaseName ?? $"{Name}-leader";

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists all of them.</exception>
    public void Validate()
    {
        var violations = Violations().ToList();
        if (violations.Count > 0)
        {
            throw new ArgumentException("The operator settings are wrong:\n" + string.Join('\n', violations.Select(v => "- " + v)));
        }
    }

    private IEnumerable<string> Violations()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return "Name is empty; give the operator a DNS label as name.";
        }

        if (Workers < 1)
        {
            yield return $"Workers is {Workers}; it must be at least 1.";
        }

        var durations = new (string Name, TimeSpan Value)[]
        {
            (nameof(ResyncPeriod), ResyncPeriod), (nameof(ReconcileTimeout), ReconcileTimeout), (nameof(DrainTimeout), DrainTimeout),
            (nameof(RequestTimeout), RequestTimeout), (nameof(LeaderElectionRetryPeriod), LeaderElectionRetryPeriod),
        };
        foreach (var (name, _) in durations.Where(d => d.Value <= TimeSpan.Zero))
        {
            yield return $"{name} must be positive.";
        }

        if (LeaderElectionRenewDeadline >= LeaderElectionLeaseDuration)
        {
            yield return $"LeaderElectionRenewDeadline ({LeaderElectionRenewDeadline}) must be shorter than LeaderElectionLeaseDuration "
                + $"({LeaderElectionLeaseDuration}), or two replicas could write at once.";
        }

        if (LeaderElectionRetryPeriod >= LeaderElectionRenewDeadline)
        {
            yield return $"LeaderElectionRetryPeriod ({LeaderElectionRetryPeriod}) must be shorter than LeaderElectionRenewDeadline "
                + $"({LeaderElectionRenewDeadline}), or one failed renewal would cost the leadership.";
        }

        foreach (var violation in Retry.Violations("Retry").Concat(Watch.Violations()))
        {
            yield return violation;
        }
    }
}
