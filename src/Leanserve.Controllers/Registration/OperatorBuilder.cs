using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Leanserve.Controllers;

/// <inheritdoc cref="IOperatorBuilder" />
internal sealed class OperatorBuilder(IServiceCollection services, OperatorSettings settings) : IOperatorBuilder
{
    private readonly HashSet<Type> controlled = [];
    private readonly Dictionary<Type, List<FinalizerRegistration>> finalizers = [];

    public IServiceCollection Services => services;

    public OperatorSettings Settings => settings;

    public IOperatorBuilder AddController<TImplementation, TEntity>()
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        => AddController<TImplementation, TEntity>(_ => { });

    public IOperatorBuilder AddController<TImplementation, TEntity>(Action<ControllerBuilder<TEntity>> configure)
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (!controlled.Add(typeof(TEntity)))
        {
            throw new ArgumentException(
                $"{EntityKind.Of<TEntity>()} has a controller already; two would undo each other's work. Put both jobs into one.");
        }

        var builder = new ControllerBuilder<TEntity>();
        configure(builder);
        services.TryAddScoped<TImplementation>();
        services.AddSingleton<IControllerRunner>(provider => ActivatorUtilities.CreateInstance<ControllerRunner<TImplementation, TEntity>>(
            provider, builder.Build(settings, FinalizersOf<TEntity>())));
        return this;
    }

    public IOperatorBuilder AddFinalizer<TImplementation, TEntity>(string identifier)
        where TImplementation : class, IEntityFinalizer<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (string.IsNullOrEmpty(identifier) || !identifier.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{identifier}' is no finalizer; it must be domain-qualified, like example.com/cleanup.");
        }

        FinalizersOf<TEntity>().Add(new FinalizerRegistration(identifier, typeof(TImplementation)));
        services.TryAddScoped<TImplementation>();
        return this;
    }

    private List<FinalizerRegistration> FinalizersOf<TEntity>()
    {
        if (!finalizers.TryGetValue(typeof(TEntity), out var list))
        {
            finalizers[typeof(TEntity)] = list = [];
        }

        return list;
    }
}
