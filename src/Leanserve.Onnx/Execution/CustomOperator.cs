using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Leanserve.Onnx.Execution;

/// <summary>Registers <see cref="PathAttention"/> with ONNX Runtime as the operator <c>leanserve.PathAttention(q, k, v) → out</c>.</summary>
internal sealed unsafe class CustomOperator : IDisposable
{
    public const string Domain = "leanserve";
    public const string Name = "PathAttention";
    public const string LayerAttribute = "layer";

    /// <summary>The version of OrtCustomOp whose fields are filled in below; later ones are then not looked at.</summary>
    private const uint StructVersion = 10;

    private const int Float = 1;

    private static readonly byte* NameText = Allocate(Name);
    private static readonly byte* DomainText = Allocate(Domain);
    private static readonly byte* LayerText = Allocate(LayerAttribute);

    private readonly Definition* _definition;
    private readonly nint _domain;
    private GCHandle _attention;

    public CustomOperator(PathAttention attention)
    {
        _attention = GCHandle.Alloc(attention);
        _definition = (Definition*)NativeMemory.AllocZeroed((nuint)sizeof(Definition));
        *_definition = new Definition
        {
            Version = StructVersion,
            CreateKernel = &CreateKernel,
            GetName = &GetName,
            GetExecutionProviderType = &GetExecutionProviderType,
            GetInputType = &GetTensorType,
            GetInputTypeCount = &GetInputCount,
            GetOutputType = &GetTensorType,
            GetOutputTypeCount = &GetOutputCount,
            KernelCompute = &Compute,
            KernelDestroy = &Destroy,
            GetInputCharacteristic = &GetCharacteristic,
            GetOutputCharacteristic = &GetCharacteristic,
            Attention = GCHandle.ToIntPtr(_attention),
        };
        _domain = OrtNative.CreateDomain(DomainText, _definition);
    }

    public void Register(SessionOptions options) => OrtNative.AddDomain(options, _domain);

    public void Dispose()
    {
        OrtNative.ReleaseDomain(_domain);
        NativeMemory.Free(_definition);
        _attention.Free();
    }

    [UnmanagedCallersOnly]
    private static nint CreateKernel(Definition* definition, nint api, nint info)
    {
        var attention = (PathAttention)GCHandle.FromIntPtr(definition->Attention).Target!;
        try
        {
            int layer = (int)OrtNative.GetAttribute(info, LayerText);
            return GCHandle.ToIntPtr(GCHandle.Alloc(new PathAttentionKernel(attention, layer)));
        }
        catch (InvalidOperationException exception)
        {
            attention.Report(exception);
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static void Compute(nint kernel, nint context) => ((PathAttentionKernel)GCHandle.FromIntPtr(kernel).Target!).Compute(context);

    [UnmanagedCallersOnly]
    private static void Destroy(nint kernel)
    {
        if (kernel != 0)
        {
            GCHandle.FromIntPtr(kernel).Free();
        }
    }

    [UnmanagedCallersOnly]
    private static byte* GetName(Definition* definition) => NameText;

    /// <summary>Null stands for the processor.</summary>
    [UnmanagedCallersOnly]
    private static byte* GetExecutionProviderType(Definition* definition) => null;

    [UnmanagedCallersOnly]
    private static int GetTensorType(Definition* definition, nuint index) => Float;

    [UnmanagedCallersOnly]
    private static nuint GetInputCount(Definition* definition) => 3;

    [UnmanagedCallersOnly]
    private static nuint GetOutputCount(Definition* definition) => 1;

    /// <summary>Zero stands for required.</summary>
    [UnmanagedCallersOnly]
    private static int GetCharacteristic(Definition* definition, nuint index) => 0;

    /// <summary>Lives as long as the process; ONNX Runtime keeps the pointer.</summary>
    private static byte* Allocate(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        return memory;
    }

    /// <summary>OrtCustomOp of onnxruntime_c_api.h up to version 10, and behind it our own state.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Definition
    {
        public uint Version;
        public delegate* unmanaged<Definition*, nint, nint, nint> CreateKernel;
        public delegate* unmanaged<Definition*, byte*> GetName;
        public delegate* unmanaged<Definition*, byte*> GetExecutionProviderType;
        public delegate* unmanaged<Definition*, nuint, int> GetInputType;
        public delegate* unmanaged<Definition*, nuint> GetInputTypeCount;
        public delegate* unmanaged<Definition*, nuint, int> GetOutputType;
        public delegate* unmanaged<Definition*, nuint> GetOutputTypeCount;
        public delegate* unmanaged<nint, nint, void> KernelCompute;
        public delegate* unmanaged<nint, void> KernelDestroy;
        public delegate* unmanaged<Definition*, nuint, int> GetInputCharacteristic;
        public delegate* unmanaged<Definition*, nuint, int> GetOutputCharacteristic;

        /// <summary>Room for the fields of later versions, should a library read them all the same.</summary>
        public LaterFields Later;
        public nint Attention;
    }

    [InlineArray(16)]
    private struct LaterFields
    {
        private nint _first;
    }
}
