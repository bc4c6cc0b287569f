package dev.warren.protocols.transfer.content;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * Packs chunks into boxes and seals them, for one data stream: docs/protocols/transfer.md, "Data
 * stream". A chunk is read to where it is to be in the box ({@link #array} from {@link #offset} on)
 * and then added; a box is sealed where it is. For one thread at a time.
 */
public final class BoxSealer {
  /** The length of the sealed box, lengths and chunks in turn, room for the tag. */
  public static final int BYTES = BoxLayout.LENGTH_BYTES + BoxLayout.MAX_SEALED_BYTES;

  private static final int START = BoxLayout.LENGTH_BYTES;

  private final BoxCipher cipher;

  private byte[] box = {};
  private int end = START;

  /**
   * Begins with the first box of a stream, once it has where to make it.
   *
   * @param key 32 bytes, and for no other stream
   */
  public BoxSealer(byte[] key) {
    this(key, 0);
  }

  BoxSealer(byte[] key, long firstBox) {
    cipher = new BoxCipher(Cipher.ENCRYPT_MODE, key, firstBox);
  }

  /**
   * Has boxes made in this array from now on; not while one is being made.
   *
   * @param array of {@link #BYTES}
   */
  public void use(byte[] array) {
    box = array;
  }

  /** Whether nothing has been added to this box; then there is room for any chunk. */
  public boolean isEmpty() {
    return end == START;
  }

  /** Whether a chunk of so many bytes may still be added to this box; 0 for one without bytes. */
  public boolean hasRoomFor(int chunkBytes) {
    return chunkBytes <= Chunk.MAX_BYTES
        && offset() + chunkBytes <= START + BoxLayout.MAX_PLAIN_BYTES;
  }

  /** Where the bytes of the next chunk belong in {@link #array}. */
  public int offset() {
    return end + BoxLayout.LENGTH_BYTES;
  }

  /** Adds the chunk that is at {@link #offset}. There must be room for it. */
  public void add(int chunkBytes) {
    if (chunkBytes < 1 || !hasRoomFor(chunkBytes)) {
      throw new IllegalStateException("no room for a chunk of " + chunkBytes + " bytes");
    }
    BoxLayout.writeInt(box, end, chunkBytes);
    end = offset() + chunkBytes;
  }

  /**
   * Adds that a chunk cannot be had. There must be room for a chunk without bytes.
   *
   * @param reason its number on the wire
   */
  public void addUnavailable(int reason) {
    if (reason < 1 || reason > BoxLayout.MAX_REASON || !hasRoomFor(0)) {
      throw new IllegalStateException("no room for reason " + reason);
    }
    BoxLayout.writeInt(box, end, BoxLayout.UNAVAILABLE + reason);
    end = offset();
  }

  /**
   * Seals the box, which must not be empty. It is at the beginning of {@link #array} until
   * something is added to the next.
   *
   * @return how long it is, with its length before it
   */
  public int seal() {
    if (isEmpty()) {
      throw new IllegalStateException("an empty box");
    }
    try {
      int sealedBytes = cipher.apply(box, START, end - START, box, START);
      BoxLayout.writeInt(box, 0, sealedBytes);
      end = START;
      return START + sealedBytes;
    } catch (AEADBadTagException e) {
      throw new AssertionError("sealing checks no tag", e);
    }
  }

  /** Where boxes are made. */
  public byte[] array() {
    return box;
  }
}
