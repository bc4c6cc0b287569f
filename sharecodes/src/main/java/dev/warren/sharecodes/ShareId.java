package dev.warren.sharecodes;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multibase;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The name by which the one who shares tells several shares apart, {@code ABC123}: the field {@code
 * share_code} of a ticket and the first part of a legacy code. It is no secret.
 */
public record ShareId(String text) {
  /** Longest name. */
  public static final int MAX_CHARACTERS = 32;

  private static final int GENERATED_BYTES = 5;
  private static final String RENDEZVOUS_DOMAIN = "warren share id rendezvous 1";

  /**
   * A name of letters and digits of ASCII, {@code -} and {@code _}.
   *
   * @throws IllegalArgumentException if it has other characters, none or too many
   */
  public ShareId {
    if (text.isEmpty() || text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "a share code has 1 to %d characters, not %d".formatted(MAX_CHARACTERS, text.length()));
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isAllowed(text.charAt(i))) {
        throw new IllegalArgumentException(
            "a share code has only letters, digits, - and _: "
                + InvalidShareCodeException.quote(text));
      }
    }
  }

  /** A new name of eight capital letters and digits. */
  public static ShareId generate(SecureRandom random) {
    byte[] bytes = new byte[GENERATED_BYTES];
    random.nextBytes(bytes);
    return new ShareId(Multibase.BASE32UPPER.encodeBare(bytes));
  }

  /**
   * The key under which those who have the share are announced and looked for, 32 bytes.
   *
   * @param sharer who gave it this name
   */
  public byte[] rendezvousKey(PeerId sharer) {
    byte[] peer = sharer.toBytes();
    byte[] name = text.getBytes(StandardCharsets.US_ASCII);
    byte[] both = Arrays.copyOf(peer, peer.length + name.length);
    System.arraycopy(name, 0, both, peer.length, name.length);
    return Sha256.labelled(RENDEZVOUS_DOMAIN, both);
  }

  private static boolean isAllowed(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_');
  }

  @Override
  public String toString() {
    return text;
  }
}
