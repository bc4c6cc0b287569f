package dev.warren.node;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What to share, and on what terms. Everything but what has a default. */
public final class ShareOptions {
  /** What is shared. */
  public sealed interface Source {
    /** What to call it where nothing else is said. */
    default String defaultName() {
      return switch (this) {
        case Paths(List<Path> paths) ->
            paths.stream()
                .map(path -> path.toAbsolutePath().normalize().getFileName())
                .filter(Objects::nonNull)
                .findFirst()
                .map(Path::toString)
                .orElse("share");
        case Content(String fileName, _) -> fileName;
      };
    }

    /** Files and directories of the disk, each under its own name. */
    record Paths(List<Path> paths) implements Source {
      /** Copies the list. */
      public Paths {
        paths = List.copyOf(paths);
      }
    }

    /** One file that is read until its end, before anything of it can be received. */
    record Content(String fileName, InputStream content) implements Source {}
  }

  /** Longest name and description, in characters. */
  public static final int MAX_TEXT = 256;

  private final Source source;
  private String name = "";
  private String description = "";
  private List<String> exclude = List.of();
  private boolean words = true;
  private boolean legacy;
  private boolean fresh;
  private Optional<Duration> expires = Optional.empty();
  private OptionalInt receivers = OptionalInt.empty();
  private OptionalLong bytesPerSecond = OptionalLong.empty();
  private Approval approval = Approval.EVERYBODY;
  private SharingListener listener = new SharingListener() {};

  private ShareOptions(Source source) {
    this.source = source;
  }

  /** Shares files and directories. */
  public static ShareOptions of(Path... paths) {
    return new ShareOptions(new Source.Paths(List.of(paths)));
  }

  /** Shares files and directories. */
  public static ShareOptions of(List<Path> paths) {
    return new ShareOptions(new Source.Paths(paths));
  }

  /** Shares what can be read from a stream, as one file. */
  public static ShareOptions ofContent(String fileName, InputStream content) {
    return new ShareOptions(new Source.Content(fileName, content));
  }

  /** What receivers are told that it is; the name of the first path unless said otherwise. */
  public ShareOptions name(String text) {
    name = text;
    return this;
  }

  /** What receivers are told of it besides, and the list of shares shows. */
  public ShareOptions description(String text) {
    description = text;
    return this;
  }

  /** Leaves out what matches one of these patterns, which are those of git's ignore files. */
  public ShareOptions exclude(List<String> patterns) {
    exclude = List.copyOf(patterns);
    return this;
  }

  /** Whether words lead to the share, which is otherwise announced nowhere; they do by default. */
  public ShareOptions words(boolean announced) {
    words = announced;
    return this;
  }

  /** Whether a code of the oldest form is made as well. */
  public ShareOptions legacy(boolean made) {
    legacy = made;
    return this;
  }

  /** Makes a new share, even where one of the same paths was cut off and could be continued. */
  public ShareOptions fresh(boolean always) {
    fresh = always;
    return this;
  }

  /** Ends the share, and what receivers may do with it, after some time. */
  public ShareOptions expires(Duration after) {
    expires = Optional.of(after);
    return this;
  }

  /** Ends the share when so many have received all of it. */
  public ShareOptions receivers(int count) {
    receivers = OptionalInt.of(count);
    return this;
  }

  /** Sends no faster to all receivers of this share together. */
  public ShareOptions limitUp(long limitBytesPerSecond) {
    bytesPerSecond = OptionalLong.of(limitBytesPerSecond);
    return this;
  }

  /** Decides on each receiver that has the code; by default all may have the share. */
  public ShareOptions approval(Approval decides) {
    approval = decides;
    return this;
  }

  /** Is told what happens. */
  public ShareOptions listener(SharingListener told) {
    listener = told;
    return this;
  }

  // What was asked for: for those who implement a node.

  public Source source() {
    return source;
  }

  public String name() {
    return name;
  }

  public String description() {
    return description;
  }

  public List<String> exclude() {
    return exclude;
  }

  public boolean words() {
    return words;
  }

  public boolean legacy() {
    return legacy;
  }

  public boolean fresh() {
    return fresh;
  }

  public Optional<Duration> expires() {
    return expires;
  }

  public OptionalInt receivers() {
    return receivers;
  }

  public OptionalLong limitUp() {
    return bytesPerSecond;
  }

  public Approval approval() {
    return approval;
  }

  public SharingListener listener() {
    return listener;
  }
}
