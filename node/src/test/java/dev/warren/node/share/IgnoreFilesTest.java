package dev.warren.node.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoreFilesTest {
  @TempDir Path directory;

  @Test
  void theFilesOfDirectoriesAreHeededOnTheWay() throws IOException {
    write("mods/.warrenignore", "*.log\n/cache/\n.warrenignore\n");
    write("mods/a.log", "");
    write("mods/a.txt", "");
    write("mods/b.bak", "");
    write("mods/cache/x", "");
    write("mods/sub/.warrenignore", "!*.log\n");
    write("mods/sub/b.log", "");
    write("mods/sub/cache/x", "");
    assertThat(scan("*.bak")).containsExactly("mods/a.txt", "mods/sub/b.log", "mods/sub/cache/x");
  }

  @Test
  void aFileThatIsTooLongEndsTheWalk() throws IOException {
    write("mods/.warrenignore", "a".repeat((1 << 20) + 1));
    assertThatIOException().isThrownBy(() -> scan("")).withMessageContaining(".warrenignore");
  }

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> scan(String exclude) throws IOException {
    List<String> found = new ArrayList<>();
    Scanner.scan(
        Scanner.roots(List.of(directory.resolve("mods"))),
        IgnoreFiles.with(List.of(exclude)),
        note -> {},
        (entry, source, stamp) -> found.add(entry.path().toString()));
    return found;
  }
}
