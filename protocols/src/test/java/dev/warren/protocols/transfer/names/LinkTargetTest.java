package dev.warren.protocols.transfer.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkTargetTest {
  @ParameterizedTest
  @CsvSource({
    "link,        file,          file",
    "link,        dir/file,      dir/file",
    "a/link,      ../file,       ../file",
    "a/b/link,    ../../c/d,     ../../c/d",
    "link,        ./file,        file",
    "link,        dir//file/,    dir/file",
    "link,        .,             .",
    "a/link,      ..,            ..",
    "a/link,      ./../a/b,      ../a/b",
  })
  void targetsWithinTheShareAreKeptWithoutWhatSaysNothing(String link, String target, String kept)
      throws HostileNameException {
    assertThat(LinkTarget.parse(EntryPath.parse(link), target)).hasToString(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "link,   ''",
    "link,   /",
    "link,   /etc/passwd",
    "link,   ..",
    "link,   ../link",
    "a/link, ../../b",
    "link,   a/..",
    "a/link, b/../../../c",
    "link,   C:/x",
    "link,   a\\b",
    "link,   ..\\b",
    "link,   nul",
    "link,   a./b",
    "link,   .warren-partial-x/0",
  })
  void othersAreRefused(String link, String target) throws HostileNameException {
    EntryPath path = EntryPath.parse(link);
    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(() -> LinkTarget.parse(path, target))
        .withMessageStartingWith("\"" + link + "\" is a link ");
  }

  @Property
  void whatIsAcceptedStaysWithinTheShare(
      @ForAll("links") String link, @ForAll("targets") String target) throws HostileNameException {
    EntryPath path = EntryPath.parse(link);
    LinkTarget parsed;
    try {
      parsed = LinkTarget.parse(path, target);
    } catch (HostileNameException e) {
      return;
    }
    Path share = Path.of("/share");
    Path resolved = share.resolve(link).getParent().resolve(parsed.toString()).normalize();
    assertThat(resolved.startsWith(share)).isTrue();
    assertThat(resolved)
        .isEqualTo(share.resolve(String.join("/", parsed.destination())))
        .isEqualTo(share.resolve(link).getParent().resolve(target).normalize());
    assertThat(LinkTarget.parse(path, parsed.toString())).isEqualTo(parsed);
  }

  @Provide
  Arbitrary<String> links() {
    return Arbitraries.of("l", "a/l", "a/b/l", "a/b/c/l");
  }

  @Provide
  Arbitrary<String> targets() {
    return Arbitraries.of("..", "..", ".", "a", "b", "", "\\", "C:")
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(parts -> String.join("/", parts));
  }
}
