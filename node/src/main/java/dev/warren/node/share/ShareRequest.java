package dev.warren.node.share;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What to share, and how.
 *
 * @param name what to call it to people
 * @param rules what is left out beside what patterns say
 * @param exclude patterns of what is left out, beside those of {@link IgnoreRules#FILE_NAME} files
 * @param fresh whether a share that was cut off may not be continued
 * @param notes is told what is left out, on threads of the share
 */
public record ShareRequest(
    Content content,
    String name,
    String description,
    SkipRules rules,
    List<String> exclude,
    Terms terms,
    boolean fresh,
    Consumer<ShareNote> notes,
    ReceiverListener listener) {

  /** Copies the list. */
  public ShareRequest {
    exclude = List.copyOf(exclude);
  }

  /** Files and directories under their own names, on the plainest terms. */
  public static ShareRequest of(String name, List<Path> paths) {
    return new ShareRequest(
        new Paths(paths),
        name,
        "",
        SkipRules.NONE,
        List.of(),
        Terms.NONE,
        false,
        note -> {},
        new ReceiverListener() {});
  }

  /** When the share ends by itself. */
  Optional<Instant> expires() {
    return terms.expires();
  }

  /** What is shared. */
  public sealed interface Content {}

  /** Files and directories, each under its own name. */
  public record Paths(List<Path> paths) implements Content {
    /** Copies the list. */
    public Paths {
      paths = List.copyOf(paths);
    }
  }

  /** One file that is read until its end. */
  public record Text(String fileName, InputStream content) implements Content {}
}
