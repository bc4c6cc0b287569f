package dev.warren.node;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.ShareCode;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What to receive, and on what terms. Everything but the code has a default. */
public final class ReceiveOptions {
  /** Where what is received goes. */
  public sealed interface Target {
    /** Into a directory, which is made when it is not there. */
    record Directory(Path path) implements Target {}

    /** Into a stream, for a share of one file. */
    record Stream(OutputStream stream) implements Target {}
  }

  private final ShareCode code;
  private Target target = new Target.Directory(Path.of(""));
  private List<String> only = List.of();
  private List<Multiaddr> peers = List.of();
  private boolean seed = true;
  private Optional<Duration> timeout = Optional.empty();
  private OptionalLong limitDown = OptionalLong.empty();
  private OptionalLong limitUp = OptionalLong.empty();
  private Consent consent = Consent.to(ConflictPolicy.RENAME);
  private ReceivingListener listener = new ReceivingListener() {};

  private ReceiveOptions(ShareCode code) {
    this.code = code;
  }

  /** Receives what a code leads to. */
  public static ReceiveOptions of(ShareCode code) {
    return new ReceiveOptions(code);
  }

  /**
   * Receives what a code leads to.
   *
   * @throws InvalidShareCodeException if the text is no code, saying what is wrong
   */
  public static ReceiveOptions of(String code) throws InvalidShareCodeException {
    return of(ShareCode.parse(code));
  }

  /** Into this directory; by default that is the working directory. Nothing in it is deleted. */
  public ReceiveOptions into(Path directory) {
    target = new Target.Directory(directory);
    return this;
  }

  /** Into a stream, which stays open; for a share of one file. */
  public ReceiveOptions into(OutputStream stream) {
    target = new Target.Stream(stream);
    return this;
  }

  /** Only what matches one of these patterns, which are those of git's ignore files. */
  public ReceiveOptions only(List<String> patterns) {
    only = List.copyOf(patterns);
    return this;
  }

  /** Where the sharer may be, besides what the code says. */
  public ReceiveOptions peers(List<Multiaddr> addresses) {
    peers = List.copyOf(addresses);
    return this;
  }

  /** Whether others may fetch from here what has been received; they may by default. */
  public ReceiveOptions seed(boolean serve) {
    seed = serve;
    return this;
  }

  /** How long to look for the sharer, and later to wait for anybody who has the share. */
  public ReceiveOptions timeout(Duration most) {
    timeout = Optional.of(most);
    return this;
  }

  /** Receives no faster. */
  public ReceiveOptions limitDown(long limitBytesPerSecond) {
    limitDown = OptionalLong.of(limitBytesPerSecond);
    return this;
  }

  /** Sends no faster to others who receive the same. */
  public ReceiveOptions limitUp(long limitBytesPerSecond) {
    limitUp = OptionalLong.of(limitBytesPerSecond);
    return this;
  }

  /** Decides when the list of what will come is there; by default, nothing there is replaced. */
  public ReceiveOptions consent(Consent decides) {
    consent = decides;
    return this;
  }

  /** Is told what happens. */
  public ReceiveOptions listener(ReceivingListener told) {
    listener = told;
    return this;
  }

  // What was asked for: for those who implement a node.

  public ShareCode code() {
    return code;
  }

  public Target target() {
    return target;
  }

  public List<String> only() {
    return only;
  }

  public List<Multiaddr> peers() {
    return peers;
  }

  public boolean seed() {
    return seed;
  }

  public Optional<Duration> timeout() {
    return timeout;
  }

  public OptionalLong limitDown() {
    return limitDown;
  }

  public OptionalLong limitUp() {
    return limitUp;
  }

  public Consent consent() {
    return consent;
  }

  public ReceivingListener listener() {
    return listener;
  }
}
