using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// The few functions of ONNX Runtime's C API that operators written in C# need and the C# binding does not offer. The table's order is part of the
/// stable ABI (onnxruntime_c_api.h).
/// </summary>
internal static unsafe partial class OrtNative
{
    /// <summary>The version of the table in which the last function used here appeared.</summary>
    private const uint ApiVersion = 17;

    private const int GetErrorMessageIndex = 2;
    private const int CreateCustomOpDomainIndex = 26;
    private const int CustomOpDomainAddIndex = 27;
    private const int AddCustomOpDomainIndex = 28;
    private const int GetTensorMutableDataIndex = 51;
    private const int GetDimensionsCountIndex = 61;
    private const int GetTensorShapeElementCountIndex = 64;
    private const int GetTensorTypeAndShapeIndex = 65;
    private const int KernelInfoGetAttributeInt64Index = 86;
    private const int KernelContextGetInputIndex = 90;
    private const int KernelContextGetOutputIndex = 91;
    private const int ReleaseStatusIndex = 93;
    private const int ReleaseTensorTypeAndShapeInfoIndex = 99;
    private const int ReleaseCustomOpDomainIndex = 101;
    private const int KernelContextParallelForIndex = 274;

    private static readonly void** Api = LoadApi();

    public static nint CreateDomain(byte* name)
    {
        nint domain;
        Check(((delegate* unmanaged<byte*, nint*, nint>)Api[CreateCustomOpDomainIndex])(name, &domain));
        return domain;
    }

    public static void AddOperator(nint domain, void* customOperator) =>
        Check(((delegate* unmanaged<nint, void*, nint>)Api[CustomOpDomainAddIndex])(domain, customOperator));

    public static void AddDomain(SessionOptions options, nint domain) =>
        Check(((delegate* unmanaged<nint, nint, nint>)Api[AddCustomOpDomainIndex])(options.DangerousGetHandle(), domain));

    public static void ReleaseDomain(nint domain) => ((delegate* unmanaged<nint, void>)Api[ReleaseCustomOpDomainIndex])(domain);

    public static long GetAttribute(nint kernelInfo, byte* name)
    {
        long value;
        Check(((delegate* unmanaged<nint, byte*, long*, nint>)Api[KernelInfoGetAttributeInt64Index])(kernelInfo, name, &value));
        return value;
    }

    public static float* Input(nint context, int index) => Data(InputValue(context, index));

    /// <summary>The number of an input's dimensions and of its elements.</summary>
    public static (int Rank, long Elements) InputShape(nint context, int index)
    {
        nint shape;
        nuint rank;
        nuint elements;
        Check(((delegate* unmanaged<nint, nint*, nint>)Api[GetTensorTypeAndShapeIndex])(InputValue(context, index), &shape));
        try
        {
            Check(((delegate* unmanaged<nint, nuint*, nint>)Api[GetDimensionsCountIndex])(shape, &rank));
            Check(((delegate* unmanaged<nint, nuint*, nint>)Api[GetTensorShapeElementCountIndex])(shape, &elements));
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)Api[ReleaseTensorTypeAndShapeInfoIndex])(shape);
        }

        return ((int)rank, (long)elements);
    }

    public static float* Output(nint context, int index, long* shape, nuint dimensions)
    {
        nint value;
        Check(((delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)Api[KernelContextGetOutputIndex])(
            context, (nuint)index, shape, dimensions, &value));
        return Data(value);
    }

    /// <summary>Runs a function for 0 … total − 1 on the session's threads.</summary>
    public static void ParallelFor(nint context, delegate* unmanaged<void*, nuint, void> function, int total, void* state) =>
        Check(((delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)Api[KernelContextParallelForIndex])(
            context, function, (nuint)total, 0, state));

    private static nint InputValue(nint context, int index)
    {
        nint value;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)Api[KernelContextGetInputIndex])(context, (nuint)index, &value));
        return value;
    }

    private static float* Data(nint value)
    {
        void* data;
        Check(((delegate* unmanaged<nint, void**, nint>)Api[GetTensorMutableDataIndex])(value, &data));
        return (float*)data;
    }

    private static void Check(nint status)
    {
        if (status != 0)
        {
            var message = ((delegate* unmanaged<nint, byte*>)Api[GetErrorMessageIndex])(status);
            string text = Marshal.PtrToStringUTF8((nint)message) ?? string.Empty;
            ((delegate* unmanaged<nint, void>)Api[ReleaseStatusIndex])(status);
            throw new InvalidOperationException($"ONNX Runtime: {text}");
        }
    }

    private static void** LoadApi()
    {
        // Touching the binding first makes it find and load the native library.
        _ = OrtEnv.Instance();
        var getApi = *(delegate* unmanaged<uint, nint>*)OrtGetApiBase();
        nint api = getApi(ApiVersion);
        return api != 0 ? (void**)api : throw new ModelLoadException($"The ONNX Runtime library lacks version {ApiVersion} of its C API; install 1.17 or later.");
    }

    [LibraryImport("onnxruntime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial nint OrtGetApiBase();
}
