package dev.warren.node.store;

import java.io.IOException;
import java.nio.file.Path;

/** A database cannot be used; the message says what to do about it. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** What is in the file is no database of Warren, or not whole any more. */
    DAMAGED,
    /** A newer Warren has made it. */
    NEWER,
    /** Another process has it. */
    IN_USE,
    /** The disk is full. */
    FULL,
    /** Reading or writing failed. */
    FAILED
  }

  private final Reason reason;

  StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  StoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static StoreException newer(Path file, int version, int known) {
    return new StoreException(
        Reason.NEWER,
        "%s was made by a newer Warren (format %d, this one knows %d): update Warren, or use another data directory"
            .formatted(file, version, known));
  }

  static StoreException damaged(Path file, String how) {
    return new StoreException(
        Reason.DAMAGED,
        "%s is damaged (%s): move it away and start again; your files and your key are elsewhere and stay"
            .formatted(file, how));
  }

  /** What is wrong. */
  public Reason reason() {
    return reason;
  }
}
