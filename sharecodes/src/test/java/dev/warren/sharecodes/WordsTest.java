package dev.warren.sharecodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final List<String> ALL =
      IntStream.range(0, Words.COUNT).mapToObj(Words::at).toList();

  @Test
  void theListIsSortedAndOfLowerCaseLetters() {
    assertThat(ALL).hasSize(2048).isSorted().allMatch(word -> word.matches("[a-z]{4,8}"));
  }

  /** Another list would be another format, with which no code of this one could be found. */
  @Test
  void theListIsThatOfTheSpecification() throws NoSuchAlgorithmException {
    byte[] list = (String.join("\n", ALL) + "\n").getBytes(StandardCharsets.US_ASCII);

    assertThat(MessageDigest.getInstance("SHA-256").digest(list))
        .asHexString()
        .isEqualToIgnoringCase("385c6117c481a7781aa3a177237299c8c91a811ab18e8290824bc730440768ec");
  }

  @Test
  void fourLettersTellTheWordsApart() {
    assertThat(ALL.stream().map(word -> word.substring(0, 4)).collect(Collectors.toSet()))
        .hasSize(2048);
  }

  @Test
  void aWordIsFoundByItselfAndByItsBeginning() {
    assertThat(Words.resolve("violet")).hasValue("violet");
    assertThat(Words.resolve("viol")).hasValue("violet");
    assertThat(Words.resolve("viole")).hasValue("violet");
  }

  @Test
  void aWordThatOnlyBeginsLikeOneOfTheListIsNotTakenForIt() {
    assertThat(Words.resolve("violent")).isEmpty();
    assertThat(Words.resolve("vio")).isEmpty();
    assertThat(Words.resolve("zzzz")).isEmpty();
  }

  @Test
  void slipsAreTracedToTheWordThatWasMeant() {
    assertThat(Words.near("vilot")).containsExactly("violet");
    assertThat(Words.near("voilet")).containsExactly("violet");
    assertThat(Words.near("violent")).containsExactly("violet");
    assertThat(Words.near("oter")).contains("otter");
    assertThat(Words.near("canue")).containsExactly("canoe");
  }

  @Test
  void aShortBeginningOfFewWordsSuggestsThem() {
    assertThat(Words.near("vio")).containsExactly("violet");
  }

  @Test
  void whatIsNearNothingSuggestsNothing() {
    assertThat(Words.near("qqqqqqq")).isEmpty();
    assertThat(Words.near("x")).isEmpty();
  }

  @Test
  void easySlipsCostLess() {
    assertThat(Spelling.cost("otter", "otter")).isZero();
    assertThat(Spelling.cost("totter", "otter")).isEqualTo(Spelling.SLIP);
    assertThat(Spelling.cost("oter", "otter")).isEqualTo(Spelling.SLIP);
    assertThat(Spelling.cost("ottre", "otter")).isEqualTo(Spelling.SLIP);
    assertThat(Spelling.cost("otler", "otter")).isEqualTo(Spelling.REPLACED);
    assertThat(Spelling.cost("vilot", "violet")).isEqualTo(2 * Spelling.SLIP);
    assertThat(Spelling.cost("", "otter")).isEqualTo(5 * Spelling.SLIP);
  }
}
