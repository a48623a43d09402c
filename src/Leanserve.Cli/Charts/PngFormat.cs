using SkiaSharp;

namespace Leanserve.Cli.Charts;

/// <summary>Draws a drawing as PNG, at twice its size in pixels so that it stays sharp on screens and paper.</summary>
internal static class PngFormat
{
    private const float Scale = 2;
    private const float HatchSpacing = 8;

    // Fonts of our own (DejaVu Sans, cut down to Latin): containers have none.
    private static readonly SKTypeface Regular = Font("DejaVuSans.ttf");
    private static readonly SKTypeface Bold = Font("DejaVuSans-Bold.ttf");

    public static byte[] Write(Drawing drawing)
    {
        using var bitmap = new SKBitmap((int)Math.Ceiling(drawing.Width * Scale), (int)Math.Ceiling(drawing.Height * Scale));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.Scale(Scale);
        foreach (var shape in drawing.Shapes)
        {
            Draw(canvas, shape);
        }

        canvas.Flush();
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void Draw(SKCanvas canvas, Shape shape)
    {
        switch (shape)
        {
            case RectangleShape box:
                var area = SKRect.Create((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height);
                Paint(box.Fill, box.Stroke, paint => canvas.DrawRect(area, paint));
                Hatch(canvas, area, box.Fill?.Hatch);
                break;
            case LineShape lines:
                using (var path = Path(lines.Lines))
                {
                    Paint(null, lines.Stroke, paint => canvas.DrawPath(path, paint));
                }

                break;
            case CircleShape circle:
                Paint(circle.Fill, circle.Stroke, paint => canvas.DrawCircle((float)circle.Center.X, (float)circle.Center.Y, (float)circle.Radius, paint));
                break;
            case TextShape text:
                Text(canvas, text);
                break;
            default:
                throw new ArgumentException($"{shape.GetType().Name} is no shape that PNG can show.", nameof(shape));
        }
    }

    private static void Paint(Fill? fill, Stroke? stroke, Action<SKPaint> draw)
    {
        if (fill is not null)
        {
            using var paint = new SKPaint { Color = SKColor.Parse(fill.Color), IsAntialias = true };
            draw(paint);
        }

        if (stroke is not null)
        {
            using var dashes = stroke.Dashed ? SKPathEffect.CreateDash([5, 4], 0) : null;
            using var paint = new SKPaint
            {
                Color = SKColor.Parse(stroke.Color), StrokeWidth = (float)stroke.Width, Style = SKPaintStyle.Stroke, PathEffect = dashes, IsAntialias = true,
            };
            draw(paint);
        }
    }

    // Lines at fixed places of the picture, so that neighbouring areas continue one another.
    private static void Hatch(SKCanvas canvas, SKRect area, string? color)
    {
        if (color is null)
        {
            return;
        }

        using var paint = new SKPaint { Color = SKColor.Parse(color), StrokeWidth = 1.5f, IsAntialias = true };
        var step = HatchSpacing * MathF.Sqrt(2);
        canvas.Save();
        canvas.ClipRect(area);
        for (var sum = MathF.Floor((area.Left + area.Top) / step) * step; sum <= area.Right + area.Bottom; sum += step)
        {
            canvas.DrawLine(sum - area.Top, area.Top, sum - area.Bottom, area.Bottom, paint);
        }

        canvas.Restore();
    }

    private static SKPath Path(IReadOnlyList<IReadOnlyList<Point>> lines)
    {
        using var path = new SKPathBuilder();
        foreach (var line in lines.Where(line => line.Count > 0))
        {
            path.AddPoly([.. line.Select(point => new SKPoint((float)point.X, (float)point.Y))], close: false);
        }

        return path.Detach();
    }

    private static void Text(SKCanvas canvas, TextShape text)
    {
        using var font = new SKFont(text.Bold ? Bold : Regular, (float)text.Size * 0.92f);
        var align = text.Anchor switch { TextAnchor.Start => SKTextAlign.Left, TextAnchor.Middle => SKTextAlign.Center, _ => SKTextAlign.Right };
        canvas.Save();
        canvas.Translate((float)text.At.X, (float)text.At.Y);
        canvas.RotateDegrees(text.Upward ? -90 : 0);
        if (text.Halo)
        {
            using var halo = new SKPaint { Color = SKColors.White.WithAlpha(180), Style = SKPaintStyle.Stroke, StrokeWidth = 3, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true };
            canvas.DrawText(text.Text, 0, 0, align, font, halo);
        }

        using var paint = new SKPaint { Color = SKColor.Parse(text.Color), IsAntialias = true };
        canvas.DrawText(text.Text, 0, 0, align, font, paint);
        canvas.Restore();
    }

    private static SKTypeface Font(string file)
    {
        using var stream = typeof(PngFormat).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"The font {file} is not embedded.");
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"{file} is no font.");
    }
}
