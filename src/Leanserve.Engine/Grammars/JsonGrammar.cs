namespace Leanserve.Engine.Grammars;

/// <summary>JSON itself (RFC 8259) as rules, with bounds that keep a model from writing white space or digits for ever.</summary>
internal sealed class JsonGrammar
{
    /// <summary>Most digits of an unbounded number before the point, and after it: what a double holds.</summary>
    private const int MaxDigits = 15;

    /// <summary>Deepest indentation after a line feed.</summary>
    private const int MaxIndentation = 20;

    private static readonly ByteSet Digit = ByteSet.Range('0', '9');
    private static readonly ByteSet Hex = Digit | ByteSet.AnyOf("abcdefABCDEF"u8);

    private readonly GrammarBuilder _builder;
    private readonly GrammarRule _space = new();

    public JsonGrammar(GrammarBuilder builder)
    {
        _builder = builder;
        _space.Start = SpaceRule();
        Character.Start = CharacterRule(builder.End());
        String.Start = builder.Byte(ByteSet.Of((byte)'"'), builder.Repeat(next => CharacterRule(next), builder.Literal("\"", builder.End())));
        Number.Start = NumberRule();
        Integer.Start = _builder.AnyOf(WholeRule(_builder.End()), _builder.Literal("-", WholeRule(_builder.End())));
        AnyObject.Start = ObjectOf(String, AnyValue);
        AnyArray.Start = ArrayOf(AnyValue, 0, null);
        AnyValue.Start = builder.AnyOf(
            [.. new[] { AnyObject, AnyArray, String, Number }.Select(rule => builder.Call(rule, builder.End())),
            .. new[] { "true", "false", "null" }.Select(word => builder.Literal(word, builder.End()))]);
    }

    /// <summary>One character of a string, as it stands or escaped.</summary>
    public GrammarRule Character { get; } = new();

    public GrammarRule String { get; } = new();

    public GrammarRule Number { get; } = new();

    /// <summary>A whole number without point or exponent.</summary>
    public GrammarRule Integer { get; } = new();

    public GrammarRule AnyObject { get; } = new();

    public GrammarRule AnyArray { get; } = new();

    public GrammarRule AnyValue { get; } = new();

    /// <summary>Optional white space: a space, or a line feed and indentation.</summary>
    public GrammarNode Space(GrammarNode next) => _builder.Call(_space, next);

    /// <summary>An object of any members.</summary>
    public GrammarNode ObjectOf(GrammarRule name, GrammarRule value)
    {
        var close = _builder.Literal("}", _builder.End());
        GrammarNode Member(GrammarNode next) => _builder.Call(name, _builder.Literal(":", Space(_builder.Call(value, next))));
        var more = _builder.Repeat(next => _builder.Literal(",", Space(Member(next))), Space(close));
        return _builder.Literal("{", Space(_builder.AnyOf(close, Member(more))));
    }

    /// <summary>An array of so many items.</summary>
    public GrammarNode ArrayOf(GrammarRule item, int min, int? max)
    {
        var close = _builder.Literal("]", _builder.End());
        if (max == 0)
        {
            return _builder.Literal("[", Space(close));
        }

        GrammarNode More(GrammarNode next) => _builder.Literal(",", Space(_builder.Call(item, next)));
        var end = Space(close);
        var rest = max is { } most ? end : _builder.Repeat(More, end);
        for (int count = max ?? Math.Max(min, 1); count > 1; count--)
        {
            rest = count > min ? _builder.AnyOf(More(rest), end) : More(rest);
        }

        var first = _builder.Call(item, rest);
        return _builder.Literal("[", Space(min == 0 ? _builder.AnyOf(close, first) : first));
    }

    /// <summary>A string of so many characters.</summary>
    public GrammarNode StringOf(int min, int? max)
    {
        var end = _builder.Literal("\"", _builder.End());
        GrammarNode One(GrammarNode next) => _builder.Call(Character, next);
        var rest = max is null ? _builder.Repeat(One, end) : end;
        for (int count = max ?? min; count > 0; count--)
        {
            rest = count > min ? _builder.AnyOf(One(rest), end) : One(rest);
        }

        return _builder.Literal("\"", rest);
    }

    private GrammarNode SpaceRule()
    {
        var end = _builder.End();
        var indentation = _builder.UpTo(MaxIndentation, ByteSet.AnyOf(" \t"u8), end);
        return _builder.AnyOf(end, _builder.Literal(" ", end), _builder.Literal("\n", indentation));
    }

    private GrammarNode CharacterRule(GrammarNode next)
    {
        var continuation = ByteSet.Range(0x80, 0xBF);
        GrammarNode Bytes(params ReadOnlySpan<ByteSet> sets)
        {
            var node = next;
            for (int i = sets.Length - 1; i >= 0; i--)
            {
                node = _builder.Byte(sets[i], node);
            }

            return node;
        }

        // Well-formed UTF-8 (Unicode 15, table 3-7); escapes of surrogates come in pairs.
        return _builder.AnyOf(
            Bytes(ByteSet.Range(0x20, 0x21) | ByteSet.Range(0x23, 0x5B) | ByteSet.Range(0x5D, 0x7F)),
            Bytes(ByteSet.Range(0xC2, 0xDF), continuation),
            Bytes(ByteSet.Of(0xE0), ByteSet.Range(0xA0, 0xBF), continuation),
            Bytes(ByteSet.Range(0xE1, 0xEC) | ByteSet.Range(0xEE, 0xEF), continuation, continuation),
            Bytes(ByteSet.Of(0xED), ByteSet.Range(0x80, 0x9F), continuation),
            Bytes(ByteSet.Of(0xF0), ByteSet.Range(0x90, 0xBF), continuation, continuation),
            Bytes(ByteSet.Range(0xF1, 0xF3), continuation, continuation, continuation),
            Bytes(ByteSet.Of(0xF4), ByteSet.Range(0x80, 0x8F), continuation, continuation),
            _builder.Literal("\\", _builder.AnyOf(Bytes(ByteSet.AnyOf("\"\\/bfnrt"u8)), _builder.Literal("u", Escape(next)))));
    }

    private GrammarNode Escape(GrammarNode next)
    {
        GrammarNode Digits(int count, GrammarNode after) => count == 0 ? after : _builder.Byte(Hex, Digits(count - 1, after));
        var d = ByteSet.AnyOf("dD"u8);
        var low = _builder.Literal("\\u", _builder.Byte(d, _builder.Byte(ByteSet.AnyOf("cdefCDEF"u8), Digits(2, next))));
        return _builder.AnyOf(
            _builder.Byte(Digit | ByteSet.AnyOf("abcefABCEF"u8), Digits(3, next)),
            _builder.Byte(d, _builder.Byte(ByteSet.Range('0', '7'), Digits(2, next))),
            _builder.Byte(d, _builder.Byte(ByteSet.AnyOf("89abAB"u8), Digits(2, low))));
    }

    private GrammarNode NumberRule()
    {
        var end = _builder.End();

        // Positive exponents end where a decimal does.
        var positive = _builder.Byte(Digit, end);
        var exponent = _builder.Byte(ByteSet.AnyOf("eE"u8), _builder.AnyOf(
            positive, _builder.Literal("+", positive), _builder.Literal("-", _builder.Byte(Digit, _builder.UpTo(1, Digit, end)))));
        var afterFraction = _builder.AnyOf(exponent, end);
        var fraction = _builder.Literal(".", _builder.Byte(Digit, _builder.UpTo(MaxDigits - 1, Digit, afterFraction)));
        var whole = WholeRule(_builder.AnyOf(fraction, afterFraction));
        return _builder.AnyOf(whole, _builder.Literal("-", whole));
    }

    private GrammarNode WholeRule(GrammarNode next) => _builder.AnyOf(
        _builder.Literal("0", next), _builder.Byte(ByteSet.Range('1', '9'), _builder.UpTo(MaxDigits - 1, Digit, next)));
}
