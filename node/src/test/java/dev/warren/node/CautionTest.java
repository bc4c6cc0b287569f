package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.LinkTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CautionTest {
  private static Entry file(String path, boolean executable) throws Exception {
    return new Entry.File(EntryPath.parse(path), 1, 0, executable);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mods/map.pak", "a.b/readme", "exe", "mods/exe.txt", "mods/.warrenignore"})
  void mostFilesGiveNoReason(String path) throws Exception {
    assertThat(Caution.of(file(path, false))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mods/setup.exe", "a.JAR", "mods/tree.png.scr", "run.sh"})
  void whatADoubleClickRunsIsAProgram(String path) throws Exception {
    assertThat(Caution.of(file(path, false))).containsExactly(Caution.PROGRAM);
  }

  @Test
  void aProgramOfThisSystemIsOne() throws Exception {
    assertThat(Caution.of(file("mods/server", true))).containsExactly(Caution.PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {".bashrc", "mods/.git/config"})
  void whatIsBelowADotIsHidden(String path) throws Exception {
    assertThat(Caution.of(file(path, false))).containsExactly(Caution.HIDDEN);
  }

  @Test
  void reasonsAddUp() throws Exception {
    EntryPath path = EntryPath.parse("mods/.run");
    assertThat(Caution.of(new Entry.Link(path, LinkTarget.parse(path, "map.pak"))))
        .containsExactly(Caution.HIDDEN, Caution.LINK);
  }
}
