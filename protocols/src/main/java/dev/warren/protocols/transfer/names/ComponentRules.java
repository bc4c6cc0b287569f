package dev.warren.protocols.transfer.names;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What one name of a path may be. The rules are those of all systems together, since a share is
 * made on one and received on others. Those of Windows are in "Naming Files, Paths, and Namespaces"
 * (Win32), with what its path parser does beyond that.
 */
final class ComponentRules {
  static final int MAX_BYTES = 255;

  /** Separators, wildcards and redirections of Windows; a colon names a drive or a stream. */
  private static final String WINDOWS_SYNTAX = "\\:<>\"|?*";

  private static final Set<String> DEVICES =
      Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$");

  /**
   * The 8.3 names by which Windows may also know a directory for partial files: {@code WARREN~1},
   * and {@code WA1B2C~1} from the fifth on.
   */
  private static final Pattern OWN_SHORT_NAME =
      Pattern.compile("wa(rren|[0-9a-f]{4})~\\d+(\\..*)?", Pattern.CASE_INSENSITIVE);

  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private ComponentRules() {}

  /** Why this cannot be a name: the end of a sentence that begins with the entry. */
  static Optional<String> objection(String name) {
    if (name.isEmpty()) {
      return Optional.of("has an empty name in it");
    }
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("has \"" + name + "\" in it");
    }
    // Bytes bound UTF-16 units too, which is what NTFS counts: no unit takes less than a byte.
    if (utf8Length(name) > MAX_BYTES) {
      return Optional.of("has a name of more than " + MAX_BYTES + " bytes in it");
    }
    return characters(name).or(() -> wholeName(name));
  }

  private static Optional<String> characters(String name) {
    int before = 0;
    for (int i = 0; i < name.length(); i += Character.charCount(before)) {
      int c = name.codePointAt(i);
      if (WINDOWS_SYNTAX.indexOf(c) >= 0) {
        return Optional.of("has a " + (char) c + " in it, which means something to Windows");
      }
      switch (Character.getType(c)) {
        case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> {
          return Optional.of("has a control character in it");
        }
        case Character.SURROGATE -> {
          return Optional.of("is not valid Unicode");
        }
        case Character.FORMAT -> {
          if (!isJoinerInScript(c, before)) {
            return Optional.of("has an invisible character in it");
          }
        }
        default -> {
          // Any other may stand in a name.
        }
      }
      before = c;
    }
    return Optional.empty();
  }

  /**
   * Format characters turn text around or hide in it. Two are part of how words are written, in
   * Persian for one, and of emoji; so they are let through, but not beside ASCII, where they could
   * only pretend.
   */
  private static boolean isJoinerInScript(int c, int before) {
    return isJoiner(c) && before >= 0x80;
  }

  /** HFS+ does not see these when it compares names, so {@link NameFolding} drops them. */
  static boolean isJoiner(int c) {
    return c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
  }

  private static Optional<String> wholeName(String name) {
    char last = name.charAt(name.length() - 1);
    if (last == '.' || last == ' ') {
      return Optional.of("has a name in it that ends in a dot or a space");
    }
    if (isDevice(name)) {
      return Optional.of("has a name in it that is a device of Windows");
    }
    if (name.regionMatches(true, 0, EntryPath.PARTIAL_PREFIX, 0, EntryPath.PARTIAL_PREFIX.length())
        || OWN_SHORT_NAME.matcher(name).matches()) {
      return Optional.of("has a name in it that Warren keeps for itself");
    }
    return Optional.empty();
  }

  /**
   * A device is one with any extension, with spaces before it, and with the digits ¹, ² and ³;
   * compatibility decomposition also finds the full-width letters that become ASCII in programs
   * without Unicode.
   */
  private static boolean isDevice(String name) {
    int dot = name.indexOf('.');
    String base = (dot < 0 ? name : name.substring(0, dot)).stripTrailing();
    String plain = Normalizer.normalize(base, Normalizer.Form.NFKD).toUpperCase(Locale.ROOT);
    return DEVICES.contains(plain)
        || (plain.length() == 4
            && (plain.startsWith("COM") || plain.startsWith("LPT"))
            && Character.isDigit(plain.charAt(3)));
  }

  /** How many bytes the text has in UTF-8, if it is valid Unicode. */
  static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a pair counts two.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
