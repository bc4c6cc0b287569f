package dev.warren.node;

import java.util.List;

/** Nobody who has the share could be reached in time. Trying again may help. */
public final class NotFoundException extends ReceiveException {
  private static final long serialVersionUID = 1L;

  private final transient List<Way> ways;

  /** For this node, and for others that take its place in tests. */
  public NotFoundException(String message, List<Way> ways) {
    super(message);
    this.ways = List.copyOf(ways);
  }

  /** What was tried. */
  public List<Way> ways() {
    return ways;
  }
}
