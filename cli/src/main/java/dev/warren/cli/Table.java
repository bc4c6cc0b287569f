package dev.warren.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Rows in columns, no wider than the terminal that shows them where that can be had by cutting
 * texts. What is in it may come from others, and is made harmless.
 */
final class Table {
  private static final String GAP = "  ";

  /** To this many columns a text may be cut. */
  private static final int SHORTEST = 10;

  /** What becomes of a cell that is too wide or too narrow. */
  enum Cell {
    /** At the left, and whole. */
    WHOLE,
    /** At the right, and whole. */
    NUMBER,
    /** Cut at its end, as is good for names. */
    HEAD,
    /** Cut at its beginning, as is good for paths. */
    TAIL
  }

  /** A column. */
  record Column(String heading, Cell cell) {}

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  Table(Column... columns) {
    this.columns = List.of(columns);
  }

  void add(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    rows.add(Arrays.stream(cells).map(Printable::of).toList());
  }

  /** Shows it to people. */
  void show(Console console) {
    List<String> lines = lines(console.columns());
    String heading = lines.getFirst();
    console.sayToPeople(
        console.coloured() ? Style.bold.on() + heading + Style.reset.on() : heading);
    lines.subList(1, lines.size()).forEach(console::sayToPeople);
  }

  /** Its lines, the headings first. */
  List<String> lines(int width) {
    int[] widths = widths(width);
    List<String> lines = new ArrayList<>();
    lines.add(line(columns.stream().map(Column::heading).toList(), widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private int[] widths(int width) {
    int[] widths = new int[columns.size()];
    int total = GAP.length() * (columns.size() - 1);
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          rows.stream()
              .mapToInt(row -> TextWidth.of(row.get(column)))
              .reduce(TextWidth.of(columns.get(i).heading()), Math::max);
      total += widths[i];
    }
    for (int over = total - width; over > 0; over--) {
      int widest = widestThatMayBeCut(widths);
      if (widest < 0) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private int widestThatMayBeCut(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      boolean mayBeCut =
          switch (columns.get(i).cell()) {
            case WHOLE, NUMBER -> false;
            case HEAD, TAIL -> widths[i] > SHORTEST;
          };
      if (mayBeCut && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      Cell cell = columns.get(i).cell();
      String text =
          cell == Cell.TAIL
              ? TextWidth.tail(cells.get(i), widths[i])
              : TextWidth.head(cells.get(i), widths[i]);
      String space = " ".repeat(widths[i] - TextWidth.of(text));
      line.append(i == 0 ? "" : GAP).append(cell == Cell.NUMBER ? space + text : text + space);
    }
    return line.toString().stripTrailing();
  }
}
