using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Leanserve.Generator.Schema;

/// <summary>The summaries of an assembly's XML documentation file, as one line of plain text each.</summary>
public sealed partial class XmlSummaries
{
    private readonly Dictionary<string, string> _summaries;

    private XmlSummaries(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the documentation file that the compiler wrote beside <paramref name="assembly"/>.</summary>
    /// <exception cref="FileNotFoundException">The assembly was built without a documentation file.</exception>
    public static XmlSummaries Of(Assembly assembly)
    {
        var file = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        return new XmlSummaries(file.Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => PlainText(member.Element("summary")!)));
    }

    /// <summary>The summary of a type, or null.</summary>
    public string? this[Type type] => _summaries.GetValueOrDefault($"T:{type.FullName}");

    /// <summary>The summary of a property, or null.</summary>
    public string? this[PropertyInfo property] => _summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>The summary of a field or constant, or null.</summary>
    public string? this[FieldInfo field] => _summaries.GetValueOrDefault($"F:{field.DeclaringType!.FullName}.{field.Name}");

    private static string PlainText(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XText literal => literal.Value,
            XElement element when element.Attribute("cref") is { } reference => reference.Value[(reference.Value.LastIndexOf('.') + 1)..],
            XElement element => element.Value,
            _ => "",
        }));
        return WhiteSpace().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
