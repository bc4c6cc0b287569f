package dev.warren.bench;

import java.util.ArrayList;
import java.util.List;

/** A table that is readable both as it stands and rendered. */
public final class MarkdownTable {
  private final List<List<String>> rows = new ArrayList<>();

  public MarkdownTable(String... header) {
    rows.add(List.of(header));
  }

  public MarkdownTable row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException("a row must have as many cells as the header");
    }
    rows.add(List.of(cells));
    return this;
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var text = new StringBuilder();
    line(text, rows.getFirst(), widths);
    for (int i = 0; i < widths.length; i++) {
      text.append(i == 0 ? "|" : "").append("-".repeat(widths[i] + 1));
      text.append(i == 0 ? "-|" : ":|");
    }
    text.append('\n');
    rows.subList(1, rows.size()).forEach(row -> line(text, row, widths));
    return text.toString();
  }

  /** The first column names things and is flush left; the others are figures. */
  private static void line(StringBuilder text, List<String> row, int[] widths) {
    text.append('|');
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      text.append(' ').append(i == 0 ? "" : padding).append(row.get(i));
      text.append(i == 0 ? padding : "").append(" |");
    }
    text.append('\n');
  }
}
