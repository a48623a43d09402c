using System.Text;

namespace LocalCluster.NodeAgents;

/// <summary>Reads whole lines of a file that another writer appends to; half a line waits until its end is there.</summary>
internal sealed class LogLineReader(Stream file)
{
    private readonly List<byte> _partial = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>The lines that are complete now and were not read before.</summary>
    public IEnumerable<string> ReadLines()
    {
        int length;
        while ((length = file.Read(_buffer)) > 0)
        {
            for (var index = 0; index < length; index++)
            {
                if (_buffer[index] != '\n')
                {
                    _partial.Add(_buffer[index]);
                    continue;
                }

                var line = Encoding.UTF8.GetString(_partial.ToArray());
                _partial.Clear();
                yield return line;
            }
        }
    }
}
