package dev.warren.protocols.transfer.names;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Makes names equal that some file system takes for one: canonical caseless matching as Unicode has
 * it (3.13, D145), which is coarser than the tables of NTFS and exFAT, and what APFS and ext4 with
 * case folding do, without the joiners that HFS+ overlooks.
 */
public final class NameFolding {
  private static final char DOTLESS_I = 'ı';

  private NameFolding() {}

  /** The name as every other has it that is taken for the same. */
  public static String fold(String name) {
    return name.chars().allMatch(c -> c < 0x80) ? name.toLowerCase(Locale.ROOT) : foldAny(name);
  }

  private static String foldAny(String name) {
    StringBuilder folded = new StringBuilder(name.length() + 16);
    Normalizer.normalize(name, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> !ComponentRules.isJoiner(c))
        .forEach(c -> folded.append(caseFold(c)));
    return Normalizer.normalize(folded, Normalizer.Form.NFD);
  }

  /**
   * Java has no case folding, but this comes to it: small first for ẞ, which has no other way to ß,
   * then large for all that have one large form (ß and SS, ς and σ), then small.
   */
  private static String caseFold(int c) {
    String text = Character.toString(c);
    // Large it would be I and then i, but no folding makes these two one.
    return c == DOTLESS_I
        ? text
        : text.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
