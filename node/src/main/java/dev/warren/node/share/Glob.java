package dev.warren.node.share;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern with wildcards, with the meaning that git gives to it (wildmatch.c): {@code *} and
 * {@code ?} stop at a slash, {@code **} between slashes stands for any directories, a backslash
 * takes the next character as it is, and there are character classes.
 *
 * <p>All ways in which the pattern may have matched the text so far are followed at once, so that a
 * match costs at most the product of the two lengths, whatever the pattern.
 */
final class Glob {
  /** What one step of the pattern does with a character of the text, or without one. */
  private sealed interface Step {
    /** Takes one character. */
    record One(IntPredicate accepts) implements Step {}

    /** Takes any number of them, also none. */
    record Many(IntPredicate accepts) implements Step {}

    /** The next steps, so many, may be left out. */
    record Optional(int steps) implements Step {}
  }

  private static final Step ANY_BUT_SLASH = new Step.Many(c -> c != '/');
  private static final Step ANYTHING = new Step.Many(c -> true);

  private final Step[] steps;

  private Glob(List<Step> steps) {
    this.steps = steps.toArray(Step[]::new);
  }

  /** Reads a pattern. One that is malformed matches nothing, as in git. */
  static Glob parse(String pattern) {
    GlobReader reader = new GlobReader(pattern);
    List<Step> steps = new ArrayList<>();
    while (reader.hasNext()) {
      int before = reader.previous();
      int c = reader.next();
      switch (c) {
        case '*' -> addStars(reader, before, steps);
        case '?' -> steps.add(new Step.One(t -> t != '/'));
        case '[' -> {
          IntPredicate set = reader.characterClass();
          steps.add(new Step.One(t -> t != '/' && set.test(t)));
        }
        case '\\' -> {
          int literal = reader.hasNext() ? reader.next() : GlobReader.NOTHING;
          steps.add(new Step.One(t -> t == literal));
        }
        default -> steps.add(new Step.One(t -> t == c));
      }
    }
    return new Glob(steps);
  }

  private static void addStars(GlobReader reader, int before, List<Step> steps) {
    boolean several = reader.skip('*');
    boolean ownName = before == GlobReader.NOTHING || before == '/';
    if (several && ownName && reader.isAtSlash()) {
      // Any directories, also none: then the slash after them is not there either.
      reader.next();
      steps.add(new Step.Optional(2));
      steps.add(ANYTHING);
      steps.add(new Step.One(t -> t == '/'));
    } else if (several && ownName && (!reader.hasNext() || reader.isAtEscapedSlash())) {
      steps.add(ANYTHING);
    } else {
      steps.add(ANY_BUT_SLASH);
    }
  }

  /** Whether the whole text is what the pattern says. */
  boolean matches(String text) {
    boolean[] reached = new boolean[steps.length + 1];
    boolean[] next = new boolean[steps.length + 1];
    reached[0] = true;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      Arrays.fill(next, false);
      if (!step(reached, c, next)) {
        return false;
      }
      boolean[] swap = reached;
      reached = next;
      next = swap;
    }
    step(reached, GlobReader.NOTHING, next);
    return reached[steps.length];
  }

  /**
   * Marks the steps that are next after a character, and among those reached before it the ones
   * that take none to get to, which are always further on.
   *
   * @return whether there is any next step
   */
  private boolean step(boolean[] reached, int c, boolean[] next) {
    boolean any = false;
    for (int i = 0; i < steps.length; i++) {
      if (!reached[i]) {
        continue;
      }
      switch (steps[i]) {
        case Step.One one -> {
          if (one.accepts().test(c)) {
            next[i + 1] = true;
            any = true;
          }
        }
        case Step.Many many -> {
          reached[i + 1] = true;
          if (many.accepts().test(c)) {
            next[i] = true;
            any = true;
          }
        }
        case Step.Optional optional -> {
          reached[i + 1] = true;
          reached[i + 1 + optional.steps()] = true;
        }
      }
    }
    return any;
  }
}
