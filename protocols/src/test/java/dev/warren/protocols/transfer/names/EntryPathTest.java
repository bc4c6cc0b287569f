package dev.warren.protocols.transfer.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "mods/config/a.toml",
        ".git/config",
        ".warrenignore",
        "..a",
        "a..b/...c",
        " leading space",
        "-rf",
        "~",
        "console.txt",
        "com.txt",
        "com10",
        "comA",
        "nul-device",
        "lpt",
        "progra~1",
        "warren~",
        "Größe/日本語/Ωμέγα",
        "e\u0301",
        "نامه‌ها.txt",
        "👨‍👩‍👧.png",
        "it's (1) [final] {x} #1 & co; 100%!"
      })
  void namesThatEverySystemCanHaveAreAccepted(String text) throws HostileNameException {
    EntryPath path = EntryPath.parse(text);
    assertThat(path).hasToString(text).isEqualTo(EntryPath.parse(text));
    assertThat(String.join("/", path.components())).isEqualTo(text);
    assertThat(path.name()).isEqualTo(path.components().getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "//server/share",
        "a//b",
        "a/",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/.",
        "./a"
      })
  void pathsThatLeadElsewhereOrNowhereAreRefused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C:",
        "c:/windows",
        "C:a",
        "a\\b",
        "..\\a",
        "\\\\server\\share",
        "\\\\?\\C:",
        "file.txt:stream",
        "file.txt::$DATA",
        "a<b",
        "a>b",
        "a\"b",
        "a|b",
        "a?b",
        "*"
      })
  void syntaxOfWindowsIsRefused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CON",
        "con",
        "cOn.txt",
        "con.tar.gz",
        "con .txt",
        "dir/NUL",
        "nul/file",
        "PRN",
        "aux.c",
        "COM1",
        "com9.log",
        "COM¹",
        "com².txt",
        "LPT³",
        "lpt1",
        "CONIN$",
        "conout$.x",
        "CLOCK$",
        "ＣＯＮ",
        "com１"
      })
  void devicesOfWindowsAreRefused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.", "a ", "a. .", "dir./file", "dir /file", "...", " "})
  void namesThatWindowsWouldCutAreRefused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\0b",
        "a\nb",
        "a\rb",
        "a\tb",
        "\u001b[2J",
        "a\u007fb",
        "a\u009b31mb",
        "a\u0085b",
        "a\u2028b",
        "a\u2029b",
        "exe\u202etxt.scr",
        "a\u2066b",
        "a\u200eb",
        "a\u200bb",
        "a\u2060b",
        "\ufeffa",
        "a\u00adb",
        "🏴\udb40\udc67",
        ".g\u200cit",
        "\u200da",
        "a\u200d"
      })
  void charactersThatMoveCursorsOrHideAreRefused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\ud800", "\udc00a", "\udc00\ud800", "\ud83d/\ude00"})
  void unpairedSurrogatesAreRefused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".warren-partial-x",
        "a/.WARREN-Partial-1/2",
        ".warren-partial-",
        "WARREN~1",
        "warren~12",
        "WA3F0B~1"
      })
  void namesOfWarrensOwnAreRefused(String text) {
    refused(text);
  }

  @Test
  void lengthsAreBoundedInBytes() throws HostileNameException {
    EntryPath.parse("a".repeat(255));
    refused("a".repeat(256));
    EntryPath.parse("é".repeat(127));
    refused("é".repeat(128));
    EntryPath.parse("😀".repeat(63));
    refused("😀".repeat(64));

    String twoFiftySix = "a".repeat(255) + "/";
    EntryPath.parse(twoFiftySix.repeat(15) + "a".repeat(255));
    EntryPath.parse(twoFiftySix.repeat(15) + "é".repeat(127) + "/a");
    refused(twoFiftySix.repeat(16) + "a");

    EntryPath.parse("a/".repeat(127) + "a");
    refused("a/".repeat(128) + "a");
  }

  @Test
  void refusalsNameTheEntryInAFormThatATerminalCanShow() {
    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(() -> EntryPath.parse("mods/exe\u202etxt.scr"))
        .withMessage("\"mods/exe\\u{202e}txt.scr\" has an invisible character in it")
        .satisfies(
            e -> {
              assertThat(e.entry()).isEqualTo("\"mods/exe\\u{202e}txt.scr\"");
              assertThat(e.reason()).isEqualTo("has an invisible character in it");
            });
    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(() -> EntryPath.parse("a".repeat(5000) + "\u001b[2J\""))
        .satisfies(
            e -> assertThat(e.entry()).hasSizeLessThan(140).contains("…").doesNotContain("\u001b"));
  }

  @Property
  void everyPathEitherIsRefusedOrComesBackAsItWas(@ForAll @StringLength(max = 40) String text) {
    try {
      assertSafe(EntryPath.parse(text), text);
    } catch (HostileNameException e) {
      assertThat(e.getMessage()).matches("\\P{Cntrl}*").hasSizeLessThan(1400);
    }
  }

  @Property
  void everyPathOfTroublesomePiecesEitherIsRefusedOrIsSafe(
      @ForAll @Size(max = 12)
          List<@CharRange(from = ' ', to = '~') @StringLength(max = 2) String> pieces) {
    everyPathEitherIsRefusedOrComesBackAsItWas(String.join("", pieces));
  }

  /** What holds of a path, said in other words than those of the code under test. */
  static void assertSafe(EntryPath path, String text) {
    assertThat(path).hasToString(text);
    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 4096);
    assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(text);
    assertThat(path.components()).hasSizeBetween(1, 128);
    for (String component : path.components()) {
      assertThat(component.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 255);
      assertThat(component).doesNotContainPattern("[\\p{Cc}\\x{2028}\\x{2029}\\x{202a}-\\x{202e}]");
      assertThat(component).doesNotContainPattern("[\\\\/:<>\"|?*]").doesNotMatch("(?s).*[. ]");
      assertThat(component)
          .doesNotMatch(
              "(?is)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\\$|conout\\$) *(\\..*)?")
          .doesNotMatch("(?is)\\.warren-partial-.*");
    }
  }

  private static void refused(String text) {
    assertThatExceptionOfType(HostileNameException.class)
        .as(text)
        .isThrownBy(() -> EntryPath.parse(text));
  }
}
