package dev.warren.node;

/**
 * One way to find a sharer, and how it goes: {@code LAN … found}.
 *
 * @param name what it is called to people
 * @param detail what more there is to say, {@code 3 addresses}; may be empty
 */
public record Way(String name, State state, String detail) {
  /** How it goes. */
  public enum State {
    /** It is not used. */
    OFF,
    /** It has found nobody yet. */
    LOOKING,
    /** It led to somebody. */
    FOUND,
    /** It led to nobody, or to one who is not the sharer. */
    FAILED
  }
}
