package dev.warren.bench.dht;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A drawing of lines over a logarithmic axis, as SVG, in colours that are readable on light and
 * dark paper.
 */
final class LineChart {
  /**
   * A line.
   *
   * @param points of x and y, by x
   */
  record Line(String name, List<double[]> points) {}

  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int LEFT = 50;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BOTTOM = 70;
  private static final List<String> COLOURS =
      List.of("#1a7f37", "#bf8700", "#cf222e", "#0969da", "#8250df");

  private final String title;
  private final List<Line> lines = new ArrayList<>();
  private double lowX = Double.POSITIVE_INFINITY;
  private double highX = Double.NEGATIVE_INFINITY;
  private double highY;

  LineChart(String title) {
    this.title = title;
  }

  void add(Line line) {
    lines.add(line);
    for (double[] point : line.points()) {
      lowX = Math.min(lowX, point[0]);
      highX = Math.max(highX, point[0]);
      highY = Math.max(highY, point[1]);
    }
  }

  /** Several charts beside each other. */
  static String beside(List<LineChart> charts) {
    var svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\" fill=\"#808080\">",
        WIDTH * charts.size(),
        HEIGHT);
    for (int i = 0; i < charts.size(); i++) {
      line(svg, "<g transform=\"translate(%d 0)\">", WIDTH * i);
      charts.get(i).draw(svg);
      line(svg, "</g>");
    }
    line(svg, "</svg>");
    return svg.toString();
  }

  private void draw(StringBuilder svg) {
    line(svg, "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>", LEFT, title);
    double step = step();
    for (double y = 0; y <= highY + step / 2; y += step) {
      line(
          svg,
          "<path d=\"M%d %.1fH%d\" stroke=\"#808080\" stroke-opacity=\"0.3\"/>",
          LEFT,
          y(y),
          WIDTH - RIGHT);
      label(svg, LEFT - 6, y(y) + 4, "end", number(y));
    }
    for (double x = 1; x <= highX; x *= 10) {
      if (x >= lowX) {
        label(svg, x(x), HEIGHT - BOTTOM + 18, "middle", number(x));
      }
    }
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), i);
    }
  }

  private void draw(StringBuilder svg, Line line, int index) {
    String colour = COLOURS.get(index % COLOURS.size());
    var path = new StringBuilder();
    for (double[] point : line.points()) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append(format("%.1f %.1f", x(point[0]), y(point[1])));
      line(
          svg,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>",
          x(point[0]),
          y(point[1]),
          colour);
    }
    line(svg, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", path, colour);
    line(
        svg,
        "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
        LEFT + 90 * index,
        HEIGHT - 20,
        colour,
        line.name());
  }

  /** Between the lines of the grid: a 1, 2 or 5 with zeros, so that there are four to ten. */
  private double step() {
    double step = Math.pow(10, Math.floor(Math.log10(highY)) - 1);
    for (int i = 0; highY / step > 10; i++) {
      step *= i % 3 == 1 ? 2.5 : 2;
    }
    return step;
  }

  private double x(double value) {
    double share = Math.log(value / lowX) / Math.log(Math.max(highX / lowX, 2));
    return LEFT + 10 + share * (WIDTH - LEFT - RIGHT - 20);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / (highY + step() / 2) * (HEIGHT - TOP - BOTTOM);
  }

  private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
    line(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private static String number(double value) {
    return value >= 10 ? format("%,.0f", value) : format("%.1f", value).replaceFirst("\\.0$", "");
  }

  private static void line(StringBuilder svg, String format, Object... arguments) {
    svg.append(format(format, arguments)).append('\n');
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a library of its own
  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
