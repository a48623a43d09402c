using System.Runtime.InteropServices;

namespace Leanserve.Onnx.Execution;

/// <summary>One node's computation by an operator of our own, on the threads of ONNX Runtime.</summary>
internal abstract unsafe class OperatorKernel : IDisposable
{
    private readonly OperatorSet _operators;
    private GCHandle _handle;
    private int _next;
    private int _tasks;

    protected OperatorKernel(OperatorSet operators)
    {
        _operators = operators;
        _handle = GCHandle.Alloc(this);
    }

    /// <summary>What native code knows the kernel by.</summary>
    public nint Handle => GCHandle.ToIntPtr(_handle);

    public static OperatorKernel FromHandle(nint handle) => (OperatorKernel)GCHandle.FromIntPtr(handle).Target!;

    /// <summary>Called by ONNX Runtime. Exceptions must not unwind into native code; the runner throws them after the run.</summary>
    public void Run(nint context)
    {
        try
        {
            Compute(context);
        }
        catch (Exception exception)
        {
            _operators.Report(exception);
        }
    }

    public void Dispose() => _handle.Free();

    protected abstract void Compute(nint context);

    protected abstract void RunTask(int task);

    /// <summary>Runs tasks 0 … count − 1; each thread takes the next one when it is free.</summary>
    protected void RunTasks(nint context, int count)
    {
        _next = 0;
        _tasks = count;
        OrtNative.ParallelFor(context, &TakeTasks, Math.Min(count, _operators.Threads), (void*)Handle);
    }

    [UnmanagedCallersOnly]
    private static void TakeTasks(void* state, nuint thread)
    {
        var kernel = FromHandle((nint)state);
        try
        {
            for (int task = Interlocked.Increment(ref kernel._next); task <= kernel._tasks; task = Interlocked.Increment(ref kernel._next))
            {
                kernel.RunTask(task - 1);
            }
        }
        catch (Exception exception)
        {
            kernel._operators.Report(exception);
        }
    }
}
