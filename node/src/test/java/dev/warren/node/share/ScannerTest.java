package dev.warren.node.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocols.transfer.manifest.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ScannerTest {
  @TempDir Path directory;
  private final List<String> notes = new ArrayList<>();
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    directory = directory.toRealPath();
    root = Files.createDirectory(directory.resolve("mods"));
  }

  private void write(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "content of " + path);
  }

  private List<Entry> scan(SkipRules rules, Path... paths) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Scanner.scan(
        Scanner.roots(List.of(paths)),
        rules,
        note -> notes.add(note.sentence()),
        (entry, source, stamp) -> {
          assertThat(Files.exists(source)).isTrue();
          entries.add(entry);
        });
    return entries;
  }

  private List<String> paths(Path... paths) throws IOException {
    return scan(SkipRules.NONE, paths).stream().map(entry -> entry.path().toString()).toList();
  }

  @Test
  void everythingBelowIsFoundInTheOrderOfNames() throws Exception {
    write("b/2");
    write("a");
    write("b/10/x");
    write("c/z");
    write("B");
    Files.createDirectories(root.resolve("empty/inner"));
    assertThat(paths(root))
        .containsExactly(
            "mods/B", "mods/a", "mods/b/10/x", "mods/b/2", "mods/c/z", "mods/empty/inner");
    assertThat(notes).isEmpty();
  }

  @Test
  void whatIsGivenIsSharedUnderItsOwnName() throws Exception {
    write("one");
    write("deep/two");
    assertThat(paths(root.resolve("deep"), root.resolve("one"))).containsExactly("deep/two", "one");
    assertThat(paths(root.resolve("deep/.."))).containsExactly("mods/deep/two", "mods/one");
  }

  @Test
  void sizesAndTimesAreThoseOfTheFile() throws Exception {
    write("file");
    assertThat(scan(SkipRules.NONE, root.resolve("file")).getFirst())
        .isInstanceOfSatisfying(
            Entry.File.class,
            file -> {
              assertThat(file.size()).isEqualTo(15);
              assertThat(file.executable()).isFalse();
            });
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void theExecutableBitIsKept() throws Exception {
    write("run");
    Files.setPosixFilePermissions(
        root.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(((Entry.File) scan(SkipRules.NONE, root).getFirst()).executable()).isTrue();
  }

  @Test
  void rulesLeaveOutFilesAndWholeDirectories() throws Exception {
    write("keep/a");
    write("skip/b");
    write("keep/skip");
    SkipRules rules = (name, isDirectory) -> isDirectory && name.equals("skip");
    assertThat(scan(rules, root))
        .extracting(entry -> entry.path().toString())
        .containsExactly("mods/keep/a", "mods/keep/skip");
  }

  @Test
  void patternsAreThoseOfTheCommandLineAndOfFilesInTheTree() throws Exception {
    write("a.log");
    write("b.txt");
    write("build/out");
    write("sub/build");
    write("sub/deep/c.tmp");
    write("sub/deep/d.txt");
    Files.writeString(root.resolve(".warrenignore"), "/build\n");
    Files.writeString(root.resolve("sub/.warrenignore"), "deep/*.tmp\n");
    assertThat(scan(IgnoreFiles.with(List.of("*.log")), root))
        .extracting(entry -> entry.path().toString())
        .containsExactly(
            "mods/.warrenignore",
            "mods/b.txt",
            "mods/sub/.warrenignore",
            "mods/sub/build",
            "mods/sub/deep/d.txt");
  }

  @Test
  void whatIsNotThereIsSaidAtOnce() {
    assertThatThrownBy(() -> paths(root.resolve("nothing")))
        .hasMessageContaining("nothing")
        .hasMessageContaining("there is nothing of that name");
  }

  @Test
  void twoOfTheSameNameAreRefused() throws Exception {
    write("a/same");
    write("b/same");
    assertThatThrownBy(() -> paths(root.resolve("a/same"), root.resolve("b/same")))
        .hasMessageContaining("have the same name");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksWithinWhatIsSharedAreKept() throws Exception {
    write("a/file");
    write("b/other");
    Files.createSymbolicLink(root.resolve("b/relative"), Path.of("../a/file"));
    Files.createSymbolicLink(root.resolve("b/absolute"), root.resolve("a"));
    assertThat(scan(SkipRules.NONE, root))
        .filteredOn(Entry.Link.class::isInstance)
        .extracting(Object::toString)
        .containsExactly(
            "Link[path=mods/b/absolute, target=../a]",
            "Link[path=mods/b/relative, target=../a/file]");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksBetweenTwoRootsAreAsTheRootsAreInTheShare() throws Exception {
    write("far/away/file");
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.createSymbolicLink(other.resolve("link"), root.resolve("far/away/file"));
    assertThat(scan(SkipRules.NONE, other, root.resolve("far/away")))
        .filteredOn(Entry.Link.class::isInstance)
        .extracting(Object::toString)
        .containsExactly("Link[path=other/link, target=../away/file]");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksThatLeadOutOrNowhereAreNotedAndLeftOut() throws Exception {
    write("file");
    Files.writeString(directory.resolve("secret"), "x");
    Files.createSymbolicLink(root.resolve("out"), Path.of("../secret"));
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("nothing"));
    Files.createSymbolicLink(root.resolve("self"), Path.of("self"));
    assertThat(paths(root)).containsExactly("mods/file");
    assertThat(notes)
        .hasSize(3)
        .anySatisfy(
            note -> assertThat(note).contains("out").contains("leads out of what is shared"))
        .anySatisfy(note -> assertThat(note).contains("dangling").contains("leads nowhere"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void loopsOfLinksHaveAnEnd() throws Exception {
    write("a/file");
    Files.createSymbolicLink(root.resolve("a/up"), Path.of(".."));
    Files.createSymbolicLink(root.resolve("a/here"), Path.of("."));
    assertThat(paths(root)).containsExactly("mods/a/file", "mods/a/here", "mods/a/up");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLinkThatIsGivenIsFollowed() throws Exception {
    write("a/file");
    Path link = Files.createSymbolicLink(directory.resolve("link"), root.resolve("a"));
    assertThat(paths(link)).containsExactly("link/file");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void namesThatCannotExistEverywhereAreNotedWithWhatToDo() throws Exception {
    write("fine");
    write("aux.txt");
    write("a:b");
    write("trailing.");
    assertThat(paths(root)).containsExactly("mods/fine");
    assertThat(notes).hasSize(3).allSatisfy(note -> assertThat(note).contains("rename it"));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void whatIsNoFileIsNotedAndLeftOut() throws Exception {
    write("fine");
    var address = java.net.UnixDomainSocketAddress.of(root.resolve("socket"));
    try (var server =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      server.bind(address);
      assertThat(paths(root)).containsExactly("mods/fine");
    }
    assertThat(notes).singleElement().asString().contains("no file that could be copied");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aDirectoryThatMayNotBeReadIsNotedAndLeftOut() throws Exception {
    write("fine");
    write("closed/file");
    Path closed = root.resolve("closed");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    org.junit.jupiter.api.Assumptions.assumeFalse(Files.isReadable(closed), "root may read all");
    try {
      assertThat(paths(root)).containsExactly("mods/fine");
      assertThat(notes).singleElement().asString().contains("may not read it");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
