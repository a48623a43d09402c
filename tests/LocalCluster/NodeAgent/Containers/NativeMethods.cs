using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LocalCluster.NodeAgents;

/// <summary>The few system calls that the base class library does not offer.</summary>
internal static class NativeMethods
{
    internal const int SignalKill = 9;
    internal const int SignalTerminate = 15;

    /// <summary>Sends a signal; a process that has already gone is no error.</summary>
    internal static void Signal(int processId, int signal) => _ = kill(processId, signal);

    /// <summary>Renames atomically, replacing a symbolic link at the target (File.Move follows links to folders).</summary>
    internal static void Rename(string source, string target)
    {
        if (rename(source, target) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"rename {source} to {target}");
        }
    }

    /// <summary>Changes the group of a file or folder, leaving its owner.</summary>
    internal static void ChangeGroup(string path, long group)
    {
        if (lchown(path, uint.MaxValue, (uint)group) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"chgrp {group} {path}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int processId, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int rename([MarshalAs(UnmanagedType.LPUTF8Str)] string source, [MarshalAs(UnmanagedType.LPUTF8Str)] string target);

    [DllImport("libc", SetLastError = true)]
    private static extern int lchown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);
}
