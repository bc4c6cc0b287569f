package dev.warren.node;

/** The sharer does not let us have the share, or is not to be dealt with. */
public final class NotAllowedException extends ReceiveException {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** The words are not those of the share, or who was found is an impostor. */
    WRONG_WORDS,
    /** Wrong words were tried so often that these are good for nothing any more. */
    BURNT,
    /** Where the sharer was said to be is somebody else. */
    ANOTHER_PEER,
    /** The share is not there any more, or the key of the code is not the share's. */
    UNKNOWN,
    /** Its time is over. */
    EXPIRED,
    /** The person who shares said no, or nothing. */
    NOT_APPROVED,
    /** The sharer has blocked us. */
    BLOCKED,
    /** The user of this node has blocked the sharer. */
    BLOCKED_HERE,
    /** As many as were to have it have it. */
    EXHAUSTED,
    /** The sharer has too many receivers at present. */
    BUSY
  }

  private final Reason reason;

  /** For this node, and for others that take its place in tests. */
  public NotAllowedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** For this node, where nothing has gone wrong before. */
  NotAllowedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why not. */
  public Reason reason() {
    return reason;
  }
}
