package dev.warren.protocols.transfer.content;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * Opens the boxes of one data stream in turn: docs/protocols/transfer.md, "Data stream". A sealed
 * box is read to {@link #sealed}, at most as long as {@link #checkLength} allows, and opened; then
 * this is a cursor over what is in it. Chunks stay where they were decrypted until the next box is
 * opened. For one thread at a time.
 */
public final class BoxOpener {
  private static final byte[] NONE = {};

  private final BoxCipher cipher;
  private byte[] sealed = NONE;

  /** Not the same array: the JDK would decrypt into yet another one and copy. */
  private byte[] plain = NONE;

  /** Of the open box. */
  private int end;

  private int position;

  /** Of the chunk that the cursor is at; it has either bytes or a reason why not. */
  private int length;

  private int reason;

  /**
   * Begins with the first box of a stream.
   *
   * @param key 32 bytes, that of the source
   */
  public BoxOpener(byte[] key) {
    cipher = new BoxCipher(Cipher.DECRYPT_MODE, key, 0);
  }

  /**
   * The length that is before a sealed box, once it is known to be possible.
   *
   * @throws BoxException if it is not
   */
  public static int checkLength(int length) throws BoxException {
    if (length < BoxLayout.LENGTH_BYTES + BoxLayout.TAG_BYTES
        || length > BoxLayout.MAX_SEALED_BYTES) {
      throw new BoxException("a box of " + Integer.toUnsignedString(length) + " bytes");
    }
    return length;
  }

  /** Where sealed boxes are to be put, from the beginning. */
  public byte[] sealed() {
    if (sealed.length == 0) {
      sealed = new byte[BoxLayout.MAX_SEALED_BYTES];
      plain = new byte[BoxLayout.MAX_PLAIN_BYTES];
    }
    return sealed;
  }

  /** Lets go of memory until the next box; does nothing while there is something left in one. */
  public void rest() {
    if (position + length == end) {
      position = 0;
      length = 0;
      end = 0;
      sealed = NONE;
      plain = NONE;
    }
  }

  /**
   * Opens the box that is at the beginning of {@link #sealed}.
   *
   * @throws BoxException if it is not the next one that the source sealed
   */
  public void open(int sealedBytes) throws BoxException {
    end = 0;
    position = 0;
    length = 0;
    try {
      end = cipher.apply(sealed, 0, checkLength(sealedBytes), plain, 0);
    } catch (AEADBadTagException e) {
      throw new BoxException("a box that is damaged, or not the next one", e);
    }
  }

  /**
   * Moves to the next chunk of the box.
   *
   * @return whether there is one
   * @throws BoxException if what is there is none
   */
  public boolean next() throws BoxException {
    position += length;
    length = 0;
    reason = 0;
    if (position == end) {
      return false;
    }
    if (end - position < BoxLayout.LENGTH_BYTES) {
      throw new BoxException("a box that ends within a length");
    }
    int head = BoxLayout.readInt(plain, position);
    position += BoxLayout.LENGTH_BYTES;
    if (head < 0) {
      reason = head - BoxLayout.UNAVAILABLE;
      if (reason < 1 || reason > BoxLayout.MAX_REASON) {
        throw new BoxException("a chunk missing for reason " + reason);
      }
    } else {
      if (head < 1 || head > Math.min(Chunk.MAX_BYTES, end - position)) {
        throw new BoxException("a chunk of " + head + " bytes");
      }
      length = head;
    }
    return true;
  }

  /** Why the chunk is not here: the number of the reason on the wire, 0 when it is here. */
  public int reason() {
    return reason;
  }

  /** Holds the chunk. */
  public byte[] array() {
    return plain;
  }

  /** Where it begins. */
  public int offset() {
    return position;
  }

  /** How long it is. */
  public int length() {
    return length;
  }
}
