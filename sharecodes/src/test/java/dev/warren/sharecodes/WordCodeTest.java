package dev.warren.sharecodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordCodeTest {
  private static final WordCode CODE = new WordCode(4821, "otter", "violet", "canoe");
  private static final Vectors VECTORS = new Vectors(WordCodeTest.class, "vectors.properties");

  @Provide
  Arbitrary<WordCode> codes() {
    return Samples.wordCodes();
  }

  @Provide
  Arbitrary<String> separators() {
    return Arbitraries.of("-", " ", ".", "_", "--", " - ", "\n", "/", "–", "　", ", ");
  }

  @Property
  void everyCodeIsReadBack(@ForAll("codes") WordCode code) throws InvalidShareCodeException {
    assertThat(WordCode.parse(code.toString())).isEqualTo(code);
  }

  @Property
  void caseSeparatorsAndCutWordsAreForgiven(
      @ForAll("codes") WordCode code,
      @ForAll("separators") String one,
      @ForAll("separators") String two)
      throws InvalidShareCodeException {
    String text =
        String.format(Locale.ROOT, "%04d", code.number())
            + one
            + code.first().substring(0, 4).toUpperCase(Locale.ROOT)
            + two
            + code.second()
            + one
            + code.third().substring(0, 4);

    assertThat(WordCode.parse(text)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4821-otter-violet-canoe",
        "  4821 Otter Violet Canoe\n",
        "４８２１－ｏｔｔｅｒ－violet－canoe",
        "4821otter-violet-canoe.",
        "48 21 otter violet canoe",
        "4821-otte-viol-cano",
        "4821–otter—violet−canoe",
        "4821-ot\u00ADter-vio\u200Blet-canoe",
        "٤٨٢١-otter-violet-canoe",
      })
  void peoplesSpellingsAreTheSameCode(String text) throws InvalidShareCodeException {
    assertThat(WordCode.parse(text)).isEqualTo(CODE);
  }

  @Test
  void aWrongWordIsNamedWithWhatWasMeant() {
    InvalidShareCodeException wrong = failure("4821-otter-canoe-vilot");

    assertThat(wrong).hasMessage("word 3 \"vilot\": did you mean \"violet\"?");
    assertThat(wrong.position()).isEqualTo(17);
    assertThat(wrong.length()).isEqualTo(5);
    assertThat(wrong.suggestions()).containsExactly("violet");
  }

  @Test
  void thePlaceOfAMistakeIsThatInTheTextAsItWasPasted() {
    String text = "“warren receive 4821-ot\u200Bter-vi\u00ADlot-canoe”";
    InvalidShareCodeException wrong = failure(text);

    assertThat(text.substring(wrong.position(), wrong.position() + wrong.length()))
        .isEqualTo("vi\u00ADlot");
  }

  @Test
  void severalNearWordsAreAllOffered() {
    InvalidShareCodeException wrong = failure("4821-otter-violet-canee");

    assertThat(wrong.suggestions()).contains("canoe");
    assertThat(failure("4821-otter-violet-zin"))
        .hasMessageContaining("\" or \"")
        .satisfies(e -> assertThat(e.suggestions()).hasSizeGreaterThan(1));
  }

  @ParameterizedTest
  @CsvSource({
    "otter-violet-canoe, a code of words begins with four digits, 0",
    "482-otter-violet-canoe, 'the number has 3 digits, four are needed', 0",
    "48211-otter-violet-canoe, 'the number has 5 digits, four are needed', 0",
    "4821, 'a code has three words, this has none', 4",
    "4821-otter-violet, 'a code has three words, this has 2', 17",
    "4821-otter-violet-canoe-zoom, 'a code has three words, this has more', 24",
    "4821-otter-qqqqqqq-canoe, 'word 2 \"qqqqqqq\": is in no code', 11",
    "..., a code of words begins with four digits, 0",
  })
  void whatIsWrongIsSaidAndWhere(String text, String message, int position) {
    InvalidShareCodeException wrong = failure(text);

    assertThat(wrong).hasMessage(message);
    assertThat(wrong.position()).isEqualTo(position);
  }

  @Test
  void aTextThatIsTooLongIsNotLookedAt() {
    assertThat(failure("x".repeat(ShareCode.MAX_CHARACTERS + 1)))
        .hasMessageContaining("16384 of the longest code");
  }

  @Test
  void messagesQuoteNoControlCharacters() {
    assertThat(failure("4821-otter-\uD83D\uDE00ca\u001b[2Jnoe-violet").getMessage())
        .doesNotContain("\u001b")
        .isPrintable();
  }

  @Test
  void theLastWordIsCompleted() {
    assertThat(WordCode.completions("4821-ott")).containsExactly("4821-otter");
    assertThat(WordCode.completions("4821 OTTER vio")).containsExactly("4821-otter-violet");
    assertThat(WordCode.completions("4821-otte-viol-can"))
        .contains("4821-otter-violet-canoe")
        .allMatch(code -> code.startsWith("4821-otter-violet-can"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "48", "4821", "4821-", "482-o", "4821-otter-", "4821-zz-v", "4821-a-b-c-d"})
  void whereThereIsNothingToCompleteNothingIsOffered(String text) {
    assertThat(WordCode.completions(text)).isEmpty();
  }

  @Test
  void rendezvousKeysAreThoseOfTheSpecification() throws InvalidShareCodeException {
    assertThat(WordCode.parse(VECTORS.text("code")).rendezvousKey())
        .isEqualTo(VECTORS.bytes("rendezvous_key"));
    assertThat(WordCode.parse(VECTORS.text("code_with_zeros")).rendezvousKey())
        .isEqualTo(VECTORS.bytes("rendezvous_key_with_zeros"));
  }

  @Property
  void onlyTheNumberAndTheFirstWordMakeTheRendezvousKey(
      @ForAll("codes") WordCode one, @ForAll("codes") WordCode other) {
    boolean samePlace = one.number() == other.number() && one.first().equals(other.first());
    WordCode moved = new WordCode(one.number(), one.first(), other.second(), other.third());

    assertThat(moved.rendezvousKey()).isEqualTo(one.rendezvousKey());
    assertThat(Arrays.equals(one.rendezvousKey(), other.rendezvousKey())).isEqualTo(samePlace);
  }

  @Test
  void theSecretIsTheOtherTwoWordsAndNotInWhatIsLogged() {
    assertThat(CODE.secret()).isEqualTo("violet-canoe".getBytes(StandardCharsets.US_ASCII));
    assertThat(CODE.redacted()).isEqualTo("4821-otter-*-*");
    assertThat(CODE).hasToString("4821-otter-violet-canoe");
  }

  @Test
  void leadingZerosArePartOfTheNumber() throws InvalidShareCodeException {
    assertThat(WordCode.parse("0007 acorn zone zoom").number()).isEqualTo(7);
    assertThat(new WordCode(7, "acorn", "zone", "zoom")).hasToString("0007-acorn-zone-zoom");
  }

  @Test
  void everyLanguageOfTheMachineWritesTheSameCode() throws InvalidShareCodeException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
      assertThat(CODE).hasToString("4821-otter-violet-canoe");
      assertThat(CODE.rendezvousKey()).isEqualTo(VECTORS.bytes("rendezvous_key"));
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(WordCode.parse("4821-OTTER-VIOLET-CANOE")).isEqualTo(CODE);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void generatedCodesAreValidAndDiffer() throws InvalidShareCodeException {
    SecureRandom random = new SecureRandom();
    WordCode one = WordCode.generate(random);

    assertThat(WordCode.parse(one.toString())).isEqualTo(one);
    assertThat(WordCode.generate(random)).isNotEqualTo(one);
  }

  @Test
  void whatIsNoCodeCannotBeMade() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WordCode(10_000, "otter", "violet", "canoe"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WordCode(-1, "otter", "violet", "canoe"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WordCode(1, "otter", "violent", "canoe"))
        .withMessageNotContaining("violent");
  }

  private static InvalidShareCodeException failure(String text) {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> WordCode.parse(text));
    return catchThrowableOfType(InvalidShareCodeException.class, () -> WordCode.parse(text));
  }
}
