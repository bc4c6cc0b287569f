package dev.warren.cli.endtoend.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of a page that a program writes, between two marks with its name. */
record MarkedSection(Path page, String name) {
  /** Replaces what is there. */
  void write(String section) throws IOException {
    String text = Files.readString(page);
    String begin = "<!-- begin " + name + " -->\n";
    String end = "<!-- end " + name + " -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException("%s has no marks '%s' and '%s'".formatted(page, begin.strip(), end));
    }
    Files.writeString(
        page, text.substring(0, from + begin.length()) + section + text.substring(to));
  }
}
