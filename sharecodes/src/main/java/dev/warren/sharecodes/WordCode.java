package dev.warren.sharecodes;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Four digits and three words, {@code 4821-otter-violet-canoe}.
 *
 * <p>The digits and the first word say where to look for the one who shares. The other two words
 * are proved in the exchange of {@link dev.warren.sharecodes.pake} and sent nowhere. See
 * docs/protocols/share-codes.md, "Words".
 */
public record WordCode(int number, String first, String second, String third) implements ShareCode {
  /** Longest text without white space that may be words; every ticket is longer. */
  static final int MAX_CHARACTERS = 80;

  private static final int NUMBERS = 10_000;
  private static final int DIGITS = 4;
  private static final int WORDS = 3;
  private static final String RENDEZVOUS_DOMAIN = "warren share rendezvous 1";

  /**
   * A code of a number and words of the list.
   *
   * @throws IllegalArgumentException if the number has more than four digits, or a word is not in
   *     the list
   */
  public WordCode {
    if (number < 0 || number >= NUMBERS) {
      throw new IllegalArgumentException("not a number of four digits");
    }
    if (!Words.contains(first) || !Words.contains(second) || !Words.contains(third)) {
      throw new IllegalArgumentException("not a word of the list");
    }
  }

  /** A new code, all being equally likely. */
  public static WordCode generate(SecureRandom random) {
    return new WordCode(
        random.nextInt(NUMBERS), randomWord(random), randomWord(random), randomWord(random));
  }

  private static String randomWord(SecureRandom random) {
    return Words.at(random.nextInt(Words.COUNT));
  }

  /**
   * Reads a code of words. Case does not matter, anything but letters and digits separates, and a
   * word may be cut down to its first four letters.
   *
   * @throws InvalidShareCodeException if it is none, naming the word that is wrong and what it may
   *     have been meant to be
   */
  public static WordCode parse(String text) throws InvalidShareCodeException {
    return parse(PastedText.of(text));
  }

  static WordCode parse(PastedText pasted) throws InvalidShareCodeException {
    Typed typed = Typed.of(pasted.text());
    if (typed.digits().length() != DIGITS) {
      String message =
          typed.digits().isEmpty()
              ? "a code of words begins with four digits"
              : "the number has %d digits, four are needed".formatted(typed.digits().length());
      throw pasted.wrong(message, typed.digitsStart(), typed.digitsEnd(), List.of());
    }
    List<String> words = new ArrayList<>();
    for (Typed.Word word : typed.words()) {
      if (words.size() == WORDS) {
        throw pasted.wrong(
            "a code has three words, this has more", word.start(), word.end(), List.of());
      }
      words.add(resolve(pasted, words.size() + 1, word));
    }
    if (words.size() < WORDS) {
      throw pasted.wrong(
          "a code has three words, this has " + (words.isEmpty() ? "none" : words.size()),
          pasted.text().length());
    }
    return new WordCode(Integer.parseInt(typed.digits()), words.get(0), words.get(1), words.get(2));
  }

  private static String resolve(PastedText pasted, int ordinal, Typed.Word word)
      throws InvalidShareCodeException {
    Optional<String> known = Words.resolve(word.letters());
    if (known.isPresent()) {
      return known.get();
    }
    List<String> near = Words.near(word.letters());
    String quoted = InvalidShareCodeException.quote(word.letters());
    String message =
        near.isEmpty()
            ? "word %d %s: is in no code".formatted(ordinal, quoted)
            : "word %d %s: did you mean %s?".formatted(ordinal, quoted, alternatives(near));
    throw pasted.wrong(message, word.start(), word.end(), near);
  }

  private static String alternatives(List<String> words) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      if (i > 0) {
        out.append(i == words.size() - 1 ? " or " : ", ");
      }
      out.append('"').append(words.get(i)).append('"');
    }
    return out.toString();
  }

  /**
   * What the text typed so far may become by completing its last word, in alphabetical order; empty
   * before a letter of a word is there, and where the words before it are none.
   */
  public static List<String> completions(String text) {
    if (text.length() > MAX_CHARACTERS) {
      return List.of();
    }
    Typed typed = Typed.of(text);
    List<Typed.Word> words = typed.words();
    if (typed.digits().length() != DIGITS
        || words.isEmpty()
        || words.size() > WORDS
        || words.getLast().end() < text.length()) {
      return List.of();
    }
    StringBuilder before = new StringBuilder(typed.digits()).append('-');
    for (Typed.Word word : words.subList(0, words.size() - 1)) {
      Optional<String> known = Words.resolve(word.letters());
      if (known.isEmpty()) {
        return List.of();
      }
      before.append(known.get()).append('-');
    }
    return Words.beginningWith(words.getLast().letters()).stream()
        .map(word -> before + word)
        .toList();
  }

  /**
   * The key under which the one who shares is announced and looked for, 32 bytes. It hides the
   * digits and the first word from nobody who tries all of them.
   */
  public byte[] rendezvousKey() {
    return Sha256.labelled(RENDEZVOUS_DOMAIN, ascii(rendezvous()));
  }

  /** The last two words, to be proved and never to be sent or written down. */
  public byte[] secret() {
    return ascii(second + "-" + third);
  }

  @Override
  public String redacted() {
    return rendezvous() + "-*-*";
  }

  /** The whole code, as it is to be pasted. */
  @Override
  public String toString() {
    return rendezvous() + "-" + second + "-" + third;
  }

  private String rendezvous() {
    return String.format(Locale.ROOT, "%04d-%s", number, first);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The digits at the beginning of a text, and its words in lower case. */
  private record Typed(String digits, int digitsStart, int digitsEnd, List<Word> words) {
    record Word(String letters, int start, int end) {}

    static Typed of(String text) {
      StringBuilder digits = new StringBuilder();
      int digitsStart = 0;
      int digitsEnd = 0;
      List<Word> words = new ArrayList<>();
      int at = 0;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (!Character.isLetterOrDigit(c)) {
          at++;
        } else if (words.isEmpty() && isDigit(c)) {
          digitsStart = digits.isEmpty() ? at : digitsStart;
          digits.append(c);
          at++;
          digitsEnd = at;
        } else {
          int start = at;
          while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
          }
          words.add(new Word(text.substring(start, at).toLowerCase(Locale.ROOT), start, at));
        }
      }
      return new Typed(digits.toString(), digitsStart, digitsEnd, words);
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }
  }
}
