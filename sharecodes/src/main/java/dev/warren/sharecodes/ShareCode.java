package dev.warren.sharecodes;

import java.util.Locale;

/**
 * What a person passes on so that another can receive a share.
 *
 * <p>{@code toString()} is the code itself, as it is to be pasted: whoever reads it can receive, so
 * it is for the eyes of the one who shares. What may be written to a log is {@link #redacted}.
 */
public sealed interface ShareCode permits WordCode, Ticket, LegacyCode {
  /** Longest text that is looked at. */
  int MAX_CHARACTERS = 16 * 1024;

  /** The code without what it keeps secret. */
  String redacted();

  /**
   * Reads any code, forgiving what copying and typing do to one: quotes, white space, line breaks
   * and the command around it.
   *
   * @throws InvalidShareCodeException if it is none, saying what is wrong and where
   */
  static ShareCode parse(String text) throws InvalidShareCodeException {
    PastedText pasted = PastedText.of(text);
    if (pasted.isEmpty()) {
      throw pasted.wrong("there is no code", 0);
    }
    String solid = pasted.withoutSpace().text();
    if (solid.toLowerCase(Locale.ROOT).startsWith(Ticket.SCHEME)) {
      return TicketBytes.parse(pasted.withoutSpace());
    }
    if (solid.startsWith("{")) {
      return TicketJson.parse(pasted);
    }
    if (solid.indexOf(':') >= 0) {
      return LegacyCode.parse(pasted.withoutSpace());
    }
    if (solid.length() > WordCode.MAX_CHARACTERS || solid.startsWith(TicketJson.BASE64_START)) {
      return TicketJson.parseBase64(pasted.withoutSpace());
    }
    return WordCode.parse(pasted);
  }
}
