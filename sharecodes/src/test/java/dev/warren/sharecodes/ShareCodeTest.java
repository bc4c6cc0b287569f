package dev.warren.sharecodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Locale;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareCodeTest {
  private static final Vectors VECTORS = new Vectors(ShareCodeTest.class, "vectors.properties");

  @Provide
  Arbitrary<ShareCode> codes() {
    return Samples.codes();
  }

  @Property
  void everyCodeOfEveryKindIsReadBack(@ForAll("codes") ShareCode code)
      throws InvalidShareCodeException {
    assertThat(ShareCode.parse(code.toString())).isEqualTo(code);
  }

  @Property(tries = 200)
  void lineBreaksWithinALongCodeAreForgiven(@ForAll("codes") ShareCode code)
      throws InvalidShareCodeException {
    if (code instanceof WordCode) {
      return;
    }
    String wrapped = code.toString().replaceAll("(.{40})", "$1\r\n  ");

    assertThat(ShareCode.parse(wrapped)).isEqualTo(code);
  }

  @Property(tries = 200)
  void logsDoNotShowWhatACodeKeepsSecret(@ForAll("codes") ShareCode code) {
    String logged = code.redacted();

    switch (code) {
      case WordCode words -> assertThat(logged).endsWith(words.first() + "-*-*");
      case Ticket ticket -> assertThat(logged).doesNotContain(ticket.key().toBase64());
      case LegacyCode legacy -> assertThat(logged).doesNotContain(legacy.key().toBase64());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "  %s\n",
        "\"%s\"",
        "'%s'",
        "“%s”",
        "`%s`",
        "**%s**",
        "<%s>",
        "«%s»",
        "warren receive %s",
        "$ warren receive %s",
        "> Warren  RECEIVE '%s'\n",
        "./warren receive %s",
        "C:\\tools\\warren.exe receive \"%s\"",
        "\uFEFF%s",
      })
  void whatIsAroundACodeIsForgiven(String around) throws InvalidShareCodeException {
    for (String name : new String[] {"code", "json", "json_base64", "compact", "legacy"}) {
      String code = VECTORS.text(name);

      assertThat(ShareCode.parse(around.replace("%s", code)))
          .as(name)
          .isEqualTo(ShareCode.parse(code));
    }
  }

  @Test
  void theKindIsToldByTheText() throws InvalidShareCodeException {
    assertThat(ShareCode.parse(VECTORS.text("code"))).isInstanceOf(WordCode.class);
    assertThat(ShareCode.parse(VECTORS.text("json"))).isInstanceOf(Ticket.class);
    assertThat(ShareCode.parse(VECTORS.text("json_base64"))).isInstanceOf(Ticket.class);
    assertThat(ShareCode.parse(VECTORS.text("compact").toUpperCase(Locale.ROOT)))
        .isInstanceOf(Ticket.class);
    assertThat(ShareCode.parse(VECTORS.text("legacy6"))).isInstanceOf(LegacyCode.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\"\"", "warren receive ", "\n\n"})
  void noCodeIsSaidToBeNone(String text) {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> ShareCode.parse(text))
        .withMessageMatching("there is no code|a code of words begins with four digits");
  }

  @Test
  void aLongTextThatIsNoTicketIsPointedAt() {
    String text = "please download the files from the usual place, ok? " + "thanks ".repeat(10);

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> ShareCode.parse(text))
        .withMessage("this is no code: a ticket has no \",\"")
        .satisfies(e -> assertThat(text.charAt(e.position())).isEqualTo(','));
  }

  @Test
  void theBeginningOfATicketIsNotTakenForWords() {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> ShareCode.parse(VECTORS.text("json_base64").substring(0, 40)))
        .withMessage("the ticket is incomplete or has a mistake in it");
  }
}
