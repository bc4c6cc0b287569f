package dev.warren.protocols.transfer.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings are written as text: entries divided by spaces, links as {@code path>target}. */
class NameSetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b c",
        "a/b a/c a/d/e b",
        "a/b b/a a/c b/c",
        "ab/c a/bc",
        "a/b>c a/c",
        "a/b>../c/d c/d",
        "a>b b>c c",
        "a>nothing",
        "a/l>../b/x b/y",
        "l>a a/x",
        "l>a/x a/y m>a/y",
        "kısa kisa"
      })
  void namesThatCanStandBesideEachOtherAreAccepted(String listing) {
    assertThatCode(() -> add(listing)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a a", "a/b c a/b", "README readme", "é e\u0301", "straße STRASSE"})
  void twoEntriesOfOneNameAreRefused(String listing) {
    refused(listing, "has the name of another entry");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a a/b", "a A/b", "a/b a/b/c/d", "a>x a/b", "x/a>.. c x/a/b"})
  void anEntryUnderAFileOrALinkIsRefused(String listing) {
    refused(listing, "needs a directory where another entry is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b a", "a/b/c a/b", "a/b A", "a/b a>c"})
  void aFileOrALinkWhereADirectoryIsNeededIsRefused(String listing) {
    refused(listing, "has the name of another entry");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mods/a mods/b", "x/É/a x/é/b"})
  void aDirectorySpelledInTwoWaysIsRefused(String listing) {
    refused(listing, "another spelling");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d>x l>d/e", "l>d/e d>x", "l>D/e d>x", "d>x a/l>../d/e/f", "a>b/c b>a/c"})
  void aLinkThatLeadsThroughAnotherIsRefused(String listing) {
    refused(listing, "is a link that");
  }

  @Property
  void refusesExactlyTheListingsThatCollide(@ForAll("listings") List<String> listing) {
    assertThat(accepts(listing)).as("%s", listing).isEqualTo(isFine(listing));
  }

  @Provide
  Arbitrary<List<String>> listings() {
    return Arbitraries.of("a", "A", "b", "B")
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(names -> String.join("/", names))
        .list()
        .ofMaxSize(5);
  }

  private static boolean accepts(List<String> listing) {
    try {
      add(String.join(" ", listing));
      return true;
    } catch (HostileNameException e) {
      return false;
    }
  }

  /** The rules, with all the memory one could want. */
  private static boolean isFine(List<String> listing) {
    Set<String> entries = new HashSet<>();
    Set<String> directories = new HashSet<>();
    for (String entry : listing) {
      for (int i = entry.indexOf('/'); i >= 0; i = entry.indexOf('/', i + 1)) {
        directories.add(entry.substring(0, i));
      }
    }
    Set<String> folded = new HashSet<>();
    for (String directory : directories) {
      if (!folded.add(directory.toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    for (String entry : listing) {
      if (!entries.add(entry.toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    entries.retainAll(folded);
    return entries.isEmpty();
  }

  @Test
  void aMillionEntriesTakeSixteenMebibytes() throws HostileNameException {
    NameSet names = new NameSet();
    for (int i = 0; i < 1_000_000; i++) {
      names.add(EntryPath.parse("saves/world-" + i / 100 + "/region-" + i % 100 + ".mca"));
    }
    assertThat(names.bytes()).isEqualTo(16 << 20);
    EntryPath again = EntryPath.parse("saves/world-77/Region-5.mca");
    assertThatExceptionOfType(HostileNameException.class).isThrownBy(() -> names.add(again));
  }

  @Test
  void theTableIsBounded() {
    KeyTable table = new KeyTable(100);
    for (long key = 0; !table.isFull(); key += 2) {
      assertThat(table.add(key)).isTrue();
      assertThat(table.add(key)).isFalse();
      assertThat(table.contains(key)).isTrue();
    }
    assertThat(table.contains(200)).isFalse();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> table.add(200));
  }

  private static void add(String listing) throws HostileNameException {
    NameSet names = new NameSet();
    for (String entry : listing.isEmpty() ? new String[0] : listing.split(" ")) {
      String[] parts = entry.split(">", 2);
      EntryPath path = EntryPath.parse(parts[0]);
      if (parts.length == 1) {
        names.add(path);
      } else {
        names.addLink(path, LinkTarget.parse(path, parts[1]));
      }
    }
  }

  private static void refused(String listing, String reason) {
    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(() -> add(listing))
        .withMessageContaining(reason);
  }
}
