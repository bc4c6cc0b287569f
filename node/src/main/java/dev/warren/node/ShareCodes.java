package dev.warren.node;

import dev.warren.sharecodes.LegacyCode;
import dev.warren.sharecodes.Ticket;
import dev.warren.sharecodes.WordCode;
import java.util.Optional;

/**
 * The codes of a share; each of them is enough to receive it.
 *
 * @param words the shortest; missing when they were not wanted, or are burnt
 * @param ticket its texts are {@link Ticket#toString}, {@link Ticket#toQrText} and {@link
 *     Ticket#toBase64}
 * @param legacy only if it was asked for, and this node has an address that fits
 */
public record ShareCodes(Optional<WordCode> words, Ticket ticket, Optional<LegacyCode> legacy) {
  /** The one to show when only one is shown. */
  public String shortest() {
    return words.isPresent() ? words.get().toString() : ticket.toString();
  }
}
