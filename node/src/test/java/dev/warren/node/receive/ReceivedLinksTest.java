package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.node.ConflictPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Symbolic links that are received, and those that are in the way. */
@Timeout(60)
class ReceivedLinksTest extends ReceivingOntoDisk {
  @Test
  void linksThatLeadElsewhereAreReplacedOnlyWhenThatIsThePolicy() throws Exception {
    made.file("a", text("a")).link("new", "a").link("same", "a").link("other", "a").make();
    Files.createDirectories(root());
    for (ConflictPolicy policy : ConflictPolicy.values()) {
      Files.deleteIfExists(root().resolve("other"));
      Files.createSymbolicLink(root().resolve("other"), Path.of("mine"));
      open();
      addListing();
      ListingPlan plan = plan(_ -> true);
      assertThat(plan.totals().conflicts()).isEqualTo(1);
      accept(plan, policy);
      fetch();
      assertThat(tree())
          .containsEntry("new -> a", "")
          .containsEntry("same -> a", "")
          .containsEntry(policy == ConflictPolicy.OVERWRITE ? "other -> a" : "other -> mine", "");
      assertThat(tree().containsKey("other (1) -> a")).isEqualTo(policy == ConflictPolicy.RENAME);
      assertThat(finished.skipped()).isEqualTo(policy == ConflictPolicy.SKIP ? 1 : 0);
      Files.deleteIfExists(root().resolve("other (1)"));
      reopenAnew();
    }
  }

  @Test
  void aLinkThatGotAnotherNameIsNotMadeTwice() throws Exception {
    made.link("link", "a").file("a", text("a")).make();
    put("link", text("mine"));
    receive(ConflictPolicy.RENAME);
    share.finish();
    assertThat(tree()).containsOnlyKeys("a", "link", "link (1) -> a");
  }

  @Test
  void aDirectoryIsNotReplacedByALink() throws Exception {
    made.link("maps", "a").file("a", text("a")).make();
    put("maps/mine", text("mine"));
    open();
    addListing();
    ListingPlan plan = plan(_ -> true);
    assertThatThrownBy(() -> accept(plan, ConflictPolicy.OVERWRITE))
        .hasMessageContaining("maps' is a directory here");
  }

  @Test
  void aDirectoryThatBecomesALinkIsNotFollowed() throws Exception {
    made.file("mods/a", text("a")).file("mods/b", text("b")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.move(root().resolve("mods"), root().resolve("moved"));
    Files.createSymbolicLink(root().resolve("mods"), elsewhere);
    assertThatThrownBy(() -> share.write(1, made.chunks.get(1), 0, 1))
        .hasMessageContaining("is a link that leads elsewhere");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aLinkOnTheWayIsNotFollowed() throws Exception {
    made.file("mods/a", text("a")).make();
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createDirectories(root());
    Files.createSymbolicLink(root().resolve("mods"), elsewhere);
    open();
    addListing();
    assertThatThrownBy(() -> plan(_ -> true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a link that leads elsewhere");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aLinkOnTheWayIsFoundInWhateverOrderItIsListed() throws Exception {
    made.file("a/b/1", text("1"))
        .file("a/c/2", text("2"))
        .file("a/b/link/3", text("3"))
        .file("a/c/4", text("4"))
        .make();
    Files.createDirectories(root().resolve("a/b"));
    Files.createSymbolicLink(root().resolve("a/b/link"), temporary);
    open();
    addListing();
    assertThatThrownBy(() -> plan(_ -> true)).hasMessageContaining("a/b/link' is a link");
  }
}
