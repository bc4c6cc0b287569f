package dev.warren.protocols.transfer.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameFoldingTest {
  @ParameterizedTest
  @CsvSource({
    "README, readme",
    "É, é",
    "e\u0301, É",
    "straße, STRASSE",
    "STRAẞE, strasse",
    "ΟΔΟΣ, οδος",
    "οδοσ, οδος",
    "\u212a, k",
    "Å, å",
    "ﬁle, FILE",
    "İ, i\u0307",
    "ǅ, ǆ",
    "Ꭰ, ꭰ",
    "a\u0323\u0307, a\u0307\u0323",
    "가, \u1100\u1161",
    "نامه\u200cها, نامهها",
  })
  void namesThatSomeSystemTakesForOneAreOne(String one, String other) {
    assertThat(NameFolding.fold(one)).isEqualTo(NameFolding.fold(other));
  }

  @ParameterizedTest
  @CsvSource({"a, b", "a, á", "ı, i", "ａ, a", "x, х", "1, ١"})
  void othersAreTwo(String one, String other) {
    assertThat(NameFolding.fold(one)).isNotEqualTo(NameFolding.fold(other));
  }

  @Test
  void everyCharacterIsOneWithItsOtherCasesAndForms() {
    allCharacters()
        .forEach(
            c -> {
              String text = Character.toString(c);
              String folded = NameFolding.fold(text);
              assertThat(NameFolding.fold(folded)).as(text).isEqualTo(folded);
              for (Normalizer.Form form :
                  new Normalizer.Form[] {Normalizer.Form.NFC, Normalizer.Form.NFD}) {
                assertThat(NameFolding.fold(Normalizer.normalize(text, form)))
                    .as(text)
                    .isEqualTo(folded);
              }
              if (c != 'ı') {
                assertThat(NameFolding.fold(text.toUpperCase(Locale.ROOT))).isEqualTo(folded);
                assertThat(NameFolding.fold(text.toLowerCase(Locale.ROOT))).isEqualTo(folded);
                assertThat(NameFolding.fold(Character.toString(Character.toUpperCase(c))))
                    .isEqualTo(folded);
                assertThat(NameFolding.fold(Character.toString(Character.toTitleCase(c))))
                    .isEqualTo(folded);
              }
            });
  }

  private static IntStream allCharacters() {
    return IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
        .filter(Character::isDefined)
        .filter(c -> Character.getType(c) != Character.SURROGATE)
        .filter(c -> Character.getType(c) != Character.PRIVATE_USE)
        .filter(c -> !ComponentRules.isJoiner(c));
  }
}
