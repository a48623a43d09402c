using System.Runtime.InteropServices;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// Memory for intermediate results, of one user at a time. Rows start on cache lines, so that vectorised sums over them are split alike whatever the step.
/// </summary>
internal sealed unsafe class AlignedScratch
{
    private const int AlignmentBytes = 64;
    private const int AlignmentElements = AlignmentBytes / sizeof(float);

    private float* _memory;
    private long _length;

    ~AlignedScratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>Elements of a row, so that the next one is aligned too.</summary>
    public static int RoundUp(int elements) => (elements + AlignmentElements - 1) / AlignmentElements * AlignmentElements;

    /// <summary>At least so many elements; earlier contents are lost.</summary>
    public float* Ensure(long length)
    {
        if (_length < length)
        {
            NativeMemory.AlignedFree(_memory);
            _length = Math.Max(length, 2 * _length);
            _memory = (float*)NativeMemory.AlignedAlloc((nuint)(_length * sizeof(float)), AlignmentBytes);
        }

        return _memory;
    }
}
