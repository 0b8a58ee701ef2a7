using System.Globalization;
using System.Xml.Linq;

namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>A drawing: what plots need of SVG, in pixels from the upper left corner.</summary>
internal sealed class Svg
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    public Svg(double width, double height, string title)
    {
        _root = Element(
            "svg", ("width", width), ("height", height), ("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}")),
            ("font-family", "Helvetica, Arial, sans-serif"), ("role", "img"));
        _root.Add(new XElement(Namespace + "title", title));
        Rectangle(0, 0, width, height, Palette.Paper);
        Text(24, 34, title, size: 17, weight: "bold");
    }

    /// <summary>A text with a white rim, so that it can be read on lines; <paramref name="y"/> is its base line.</summary>
    public Svg Text(double x, double y, string text, double size = 12, string color = Palette.Ink, string anchor = "start", string weight = "normal")
    {
        var element = Element(
            "text", ("x", x), ("y", y), ("font-size", size), ("fill", color), ("text-anchor", anchor), ("font-weight", weight),
            ("stroke", Palette.Paper), ("stroke-width", 3), ("stroke-linejoin", "round"), ("paint-order", "stroke"));
        element.Add(text);
        return Add(element);
    }

    public Svg Rectangle(double x, double y, double width, double height, string color, double radius = 0, double opacity = 1) =>
        Add(
            Element(
                "rect", ("x", x), ("y", y), ("width", Math.Max(0, width)), ("height", Math.Max(0, height)), ("fill", color), ("rx", radius),
                ("fill-opacity", opacity)));

    public Svg Line(double x1, double y1, double x2, double y2, string color, double width = 1, string dashes = "none") =>
        Add(
            Element(
                "line", ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("stroke", color), ("stroke-width", width), ("stroke-dasharray", dashes)));

    public Svg Path(IEnumerable<(double X, double Y)> points, string color, double width = 2) => Add(Element(
        "polyline",
        ("points", string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))),
        ("fill", "none"),
        ("stroke", color),
        ("stroke-width", width)));

    /// <summary>A dot; a white rim keeps dots apart that lie on each other.</summary>
    public Svg Dot(double x, double y, string color, double radius = 3.2) =>
        Add(Element("circle", ("cx", x), ("cy", y), ("r", radius), ("fill", color), ("stroke", Palette.Paper), ("stroke-width", 1)));

    public override string ToString() => _root + Environment.NewLine;

    private Svg Add(XElement element)
    {
        _root.Add(element);
        return this;
    }

    private static XElement Element(string name, params (string Name, object Value)[] attributes) => new(
        Namespace + name,
        attributes.Select(
            attribute =>
                new XAttribute(
                    attribute.Name, attribute.Value is double number ? number.ToString("0.##", CultureInfo.InvariantCulture) : attribute.Value)));
}
