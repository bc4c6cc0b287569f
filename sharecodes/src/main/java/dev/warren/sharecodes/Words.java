package dev.warren.sharecodes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The 2,048 words that codes are made of, in alphabetical order: four to eight letters each, the
 * first four of which no other word has.
 */
final class Words {
  static final int COUNT = 2048;

  /** As many letters as tell any two words apart. */
  static final int DISTINCT_LETTERS = 4;

  private static final int MAX_LETTERS = 8;

  private static final int MAX_SUGGESTIONS = 3;

  private static final List<String> LIST = load();

  private Words() {}

  static String at(int index) {
    return LIST.get(index);
  }

  static boolean contains(String word) {
    return Collections.binarySearch(LIST, word) >= 0;
  }

  /** The word of the list that is meant: itself, or its beginning of four letters or more. */
  static Optional<String> resolve(String typed) {
    int found = Collections.binarySearch(LIST, typed);
    if (found >= 0) {
      return Optional.of(LIST.get(found));
    }
    int next = -found - 1;
    boolean begun =
        typed.length() >= DISTINCT_LETTERS
            && next < LIST.size()
            && LIST.get(next).startsWith(typed);
    return begun ? Optional.of(LIST.get(next)) : Optional.empty();
  }

  /** The words that begin so, in alphabetical order. */
  static List<String> beginningWith(String prefix) {
    int found = Collections.binarySearch(LIST, prefix);
    int from = found >= 0 ? found : -found - 1;
    int to = from;
    while (to < LIST.size() && LIST.get(to).startsWith(prefix)) {
      to++;
    }
    return LIST.subList(from, to);
  }

  /** The few words that were most likely meant by one that is not of the list. */
  static List<String> near(String typed) {
    List<String> begun = typed.length() > 1 ? beginningWith(typed) : List.of();
    if (!begun.isEmpty() && begun.size() <= MAX_SUGGESTIONS) {
      return begun;
    }
    if (typed.length() > MAX_LETTERS + 2) {
      return List.of();
    }
    // Two slips in a short word could have been meant to be almost anything.
    int furthest = (typed.length() <= DISTINCT_LETTERS ? 1 : 2) * Spelling.REPLACED;
    record Candidate(String word, int cost) {}
    List<Candidate> candidates = new ArrayList<>();
    for (String word : LIST) {
      int cost = Spelling.cost(typed, word);
      if (cost <= furthest) {
        int first = word.charAt(0) == typed.charAt(0) ? 0 : Spelling.FIRST_LETTER;
        candidates.add(new Candidate(word, cost + first));
      }
    }
    int least = candidates.stream().mapToInt(Candidate::cost).min().orElse(0);
    return candidates.stream()
        .filter(candidate -> candidate.cost() == least)
        .limit(MAX_SUGGESTIONS)
        .map(Candidate::word)
        .toList();
  }

  private static List<String> load() {
    try (InputStream in = Words.class.getResourceAsStream("words.txt")) {
      byte[] bytes = Objects.requireNonNull(in, "words.txt is missing").readAllBytes();
      List<String> words = new String(bytes, StandardCharsets.US_ASCII).lines().toList();
      if (words.size() != COUNT) {
        throw new IllegalStateException("words.txt has " + words.size() + " words");
      }
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
