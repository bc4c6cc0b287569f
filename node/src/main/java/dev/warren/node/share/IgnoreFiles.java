package dev.warren.node.share;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;

/** {@link IgnoreRules} for a walk through a tree, which reads their files on the way. */
public final class IgnoreFiles implements SkipRules {
  /** Far more than anybody writes; who has a larger one has taken something else for it. */
  private static final long MAX_FILE_BYTES = 1 << 20;

  private final IgnoreRules rules;

  /** Where the walk is, with a slash after it unless it is at the top. */
  private final String position;

  private IgnoreFiles(IgnoreRules rules, String position) {
    this.rules = rules;
    this.position = position;
  }

  /** The rules at the top: patterns of the command line, which may be none. */
  public static SkipRules with(List<String> patterns) {
    return new IgnoreFiles(IgnoreRules.of(patterns), "");
  }

  @Override
  public boolean skips(String name, boolean isDirectory) {
    return rules.ignores(position + name, isDirectory);
  }

  @Override
  public String why(String name, boolean isDirectory) {
    return rules.why(position + name, isDirectory);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if it has a file of rules that cannot be read: without it, what was not to
   *     be shared would be
   */
  @Override
  public SkipRules enter(Path directory) throws IOException {
    String name = Normalizer.normalize(directory.getFileName().toString(), Normalizer.Form.NFC);
    String here = position + name;
    Path file = directory.resolve(IgnoreRules.FILE_NAME);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return new IgnoreFiles(rules, here + "/");
    }
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + " has more than a mebibyte of rules");
    }
    // Bytes that are no text, which git would compare as such, match nothing then.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return new IgnoreFiles(rules.within(here, text), here + "/");
  }
}
