import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java source below a folder ({@code --write}) or names those that are not formatted
 * ({@code --check}).
 *
 * <p>The build runs it on the project's JDK: the formatter parses with the JDK that it runs on, and
 * Maven's own may be older than the sources.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("--write");
    Path root = Path.of(args[1]);
    List<Path> unformatted;
    try (Stream<Path> files = Files.walk(root)) {
      unformatted =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !root.relativize(file).toString().contains("target"))
              .parallel()
              .filter(file -> differs(file, write))
              .sorted()
              .toList();
    }
    if (!write && !unformatted.isEmpty()) {
      System.err.println("Not formatted (mend with scripts/format):");
      unformatted.forEach(file -> System.err.println("  " + root.relativize(file)));
      System.exit(1);
    }
  }

  private static boolean differs(Path file, boolean write) {
    try {
      String source = Files.readString(file);
      String formatted =
          new Formatter(JavaFormatterOptions.defaultOptions())
              .formatSource(
                  ImportOrderer.reorderImports(
                      RemoveUnusedImports.removeUnusedImports(source),
                      JavaFormatterOptions.Style.GOOGLE));
      if (formatted.equals(source)) {
        return false;
      }
      if (write) {
        Files.writeString(file, formatted);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (com.google.googlejavaformat.java.FormatterException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }
}
