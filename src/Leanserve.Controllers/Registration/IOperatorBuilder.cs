using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Leanserve.Controllers;

/// <summary>Registers controllers and finalizers.</summary>
public interface IOperatorBuilder
{
    /// <summary>The services that the operator is registered in.</summary>
    IServiceCollection Services { get; }

    /// <summary>The operator's settings.</summary>
    OperatorSettings Settings { get; }

    /// <summary>Registers a controller; one per kind.</summary>
    /// <exception cref="ArgumentException">The kind has a controller already.</exception>
    IOperatorBuilder AddController<TImplementation, TEntity>()
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Registers a controller with what it owns and watches; one per kind.</summary>
    /// <exception cref="ArgumentException">The kind has a controller already.</exception>
    IOperatorBuilder AddController<TImplementation, TEntity>(Action<ControllerBuilder<TEntity>> configure)
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Registers a finalizer; it is put on every entity before its first reconcile.</summary>
    /// <param name="identifier">Domain-qualified, e.g. <c>leanserve.io/cleanup</c>; never change it between versions.</param>
    IOperatorBuilder AddFinalizer<TImplementation, TEntity>(string identifier)
        where TImplementation : class, IEntityFinalizer<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;
}
