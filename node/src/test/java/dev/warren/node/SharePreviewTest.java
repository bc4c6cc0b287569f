package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharePreviewTest {
  @TempDir private Path directory;

  private final List<Previewed> found = new ArrayList<>();

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void preview(String path, String... exclude) throws IOException {
    var options = ShareOptions.of(directory.resolve(path)).exclude(List.of(exclude));
    Warren.preview(options, found::add);
  }

  private List<String> shared() {
    return found.stream()
        .filter(Previewed.Shared.class::isInstance)
        .map(it -> ((Previewed.Shared) it).entry().path().toString())
        .toList();
  }

  @Test
  void itHasWhatWouldBeShared() throws Exception {
    write("mods/b/c.pak", "12345");
    write("mods/a.txt", "1");
    preview("mods");
    assertThat(shared()).containsExactly("mods/a.txt", "mods/b/c.pak");
  }

  @Test
  void itNamesTheRuleOfWhatIsLeftOut() throws Exception {
    write("mods/.warrenignore", "# saves\n*.sav\n!keep.sav\n");
    write("mods/a.sav", "");
    write("mods/keep.sav", "");
    write("mods/logs/x", "");
    preview("mods", "logs/");
    assertThat(shared()).containsExactly("mods/.warrenignore", "mods/keep.sav");
    assertThat(found)
        .contains(new Previewed.Ignored("mods/a.sav", false, "*.sav in mods/.warrenignore"))
        .contains(new Previewed.Ignored("mods/logs", true, "logs/"));
  }

  @Test
  void itSaysWhatCannotBeShared() throws Exception {
    write("mods/a", "");
    write("mods/aux.txt", "");
    Files.createSymbolicLink(directory.resolve("mods/out"), Path.of("/nowhere"));
    preview("mods");
    assertThat(shared()).containsExactly("mods/a");
    assertThat(found)
        .filteredOn(Previewed.Refused.class::isInstance)
        .extracting(it -> ((Previewed.Refused) it).sentence())
        .satisfiesExactly(
            name -> assertThat(name).contains("aux.txt").contains("rename it"),
            link -> assertThat(link).contains("leads nowhere"));
  }

  @Test
  void itFailsAsSharingWould() throws Exception {
    write("mods/Map", "");
    write("mods/map", "");
    assertThatThrownBy(() -> preview("mods")).hasMessageContaining("have the same name");
    assertThatThrownBy(() -> preview("gone")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void contentIsNotReadToBeListed() {
    var options = ShareOptions.ofContent("a.txt", InputStream.nullInputStream());
    assertThatIllegalArgumentException().isThrownBy(() -> Warren.preview(options, found::add));
  }
}
