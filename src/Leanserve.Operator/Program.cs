using Leanserve.Controllers;
using Leanserve.Operator.Hosting;
using Prometheus;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration.AddEnvironmentVariables("LEANSERVE_");
builder.AddLeanserveOperator();

var app = builder.Build();
app.MapOperatorHealth();
app.MapMetrics();
app.Run();
