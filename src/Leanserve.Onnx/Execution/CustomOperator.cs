using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Leanserve.Onnx.Execution;

/// <summary>Describes an operator of our own to ONNX Runtime.</summary>
internal sealed unsafe class CustomOperator : IDisposable
{
    public const string Domain = "leanserve";

    /// <summary>The attribute by which a node finds what belongs to it: its layer, or its weights.</summary>
    public const string IndexAttribute = "index";

    /// <summary>The version of OrtCustomOp whose fields are filled in below; later ones are then not looked at.</summary>
    private const uint StructVersion = 10;

    private const int Float = 1;

    private static readonly byte* DomainText = Allocate(Domain);
    private static readonly byte* IndexText = Allocate(IndexAttribute);

    private readonly OperatorSet _set;
    private readonly Func<int, OperatorKernel> _create;
    private readonly Definition* _definition;
    private readonly byte* _name;
    private GCHandle _handle;

    public CustomOperator(OperatorSet set, string name, int inputs, int outputs, Func<int, OperatorKernel> create)
    {
        _set = set;
        _create = create;
        _name = Allocate(name);
        _handle = GCHandle.Alloc(this);
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
            Name = _name,
            Inputs = (nuint)inputs,
            Outputs = (nuint)outputs,
            Operator = GCHandle.ToIntPtr(_handle),
        };
    }

    /// <summary>A domain of these operators, to be added to a session's options and released by the caller.</summary>
    public static nint CreateDomain(IReadOnlyList<CustomOperator> operators)
    {
        nint domain = OrtNative.CreateDomain(DomainText);
        foreach (var each in operators)
        {
            OrtNative.AddOperator(domain, each._definition);
        }

        return domain;
    }

    public void Dispose()
    {
        NativeMemory.Free(_definition);
        NativeMemory.Free(_name);
        _handle.Free();
    }

    [UnmanagedCallersOnly]
    private static nint CreateKernel(Definition* definition, nint api, nint info)
    {
        var described = (CustomOperator)GCHandle.FromIntPtr(definition->Operator).Target!;
        try
        {
            return described._create((int)OrtNative.GetAttribute(info, IndexText)).Handle;
        }
        catch (InvalidOperationException exception)
        {
            described._set.Report(exception);
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static void Compute(nint kernel, nint context) => OperatorKernel.FromHandle(kernel).Run(context);

    [UnmanagedCallersOnly]
    private static void Destroy(nint kernel)
    {
        if (kernel != 0)
        {
            OperatorKernel.FromHandle(kernel).Dispose();
        }
    }

    [UnmanagedCallersOnly]
    private static byte* GetName(Definition* definition) => definition->Name;

    /// <summary>Null stands for the processor.</summary>
    [UnmanagedCallersOnly]
    private static byte* GetExecutionProviderType(Definition* definition) => null;

    [UnmanagedCallersOnly]
    private static int GetTensorType(Definition* definition, nuint index) => Float;

    [UnmanagedCallersOnly]
    private static nuint GetInputCount(Definition* definition) => definition->Inputs;

    [UnmanagedCallersOnly]
    private static nuint GetOutputCount(Definition* definition) => definition->Outputs;

    /// <summary>Zero stands for required.</summary>
    [UnmanagedCallersOnly]
    private static int GetCharacteristic(Definition* definition, nuint index) => 0;

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
        public byte* Name;
        public nuint Inputs;
        public nuint Outputs;
        public nint Operator;
    }

    [InlineArray(16)]
    private struct LaterFields
    {
        private nint _first;
    }
}
