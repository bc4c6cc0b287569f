package dev.warren.protocols.transfer.names;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;

/**
 * All names of a listing, and what can be wrong between them: two that are one to some file system
 * (case, Unicode normalisation), a file under a file or a link, a directory spelled in two ways, a
 * link whose way leads through another. Entries are added in the order of the listing, each once;
 * after a refusal the set is of no more use.
 *
 * <p>A share has up to millions of entries, so no name is kept but only 64 bits of a keyed hash of
 * each: of an entry one, of a directory two. Names that are one have the same hash, always; so no
 * collision is ever missed. Names that are not may have it too, and then an honest share is
 * refused: with a million entries once in 30 million times, and not again when it is tried again,
 * since the key is drawn anew. The key also keeps a sharer from choosing names that crowd the
 * table. A path of n names is hashed name by name, each with the hash of the one above.
 *
 * <p>Not safe for several threads.
 */
public final class NameSet {
  /** Entries, and twice the directories: bounds the table to 256 MiB; 16 MiB do for a million. */
  static final int MAX_KEYS = 1 << 24;

  private static final long TOP = 0;

  /** What a key says of a name. */
  private enum Claim {
    /** Something is called that, however spelled. Keys of directories hang on this one. */
    TAKEN('t'),
    /** A directory is called exactly that. */
    DIRECTORY('d'),
    /** It is a link. */
    LINK('l'),
    /** A link leads through it. */
    PASSED('p');

    private final byte tag;

    Claim(char tag) {
      this.tag = (byte) tag;
    }
  }

  private final KeyTable keys = new KeyTable(MAX_KEYS);
  private final MessageDigest digest = sha256();
  private final byte[] secret = new byte[16];

  // Of the entry before, since most are in the same directory as that.
  private String directory = "";
  private long directoryKey = TOP;

  /** An empty set. */
  public NameSet() {
    new SecureRandom().nextBytes(secret);
  }

  /**
   * Adds a file or an empty directory.
   *
   * @throws HostileNameException if it cannot be beside what is there
   */
  public void add(EntryPath path) throws HostileNameException {
    addTaken(path);
  }

  /**
   * Adds a link.
   *
   * @throws HostileNameException if it cannot be beside what is there
   */
  public void addLink(EntryPath path, LinkTarget target) throws HostileNameException {
    long link = addTaken(path);
    if (keys.contains(key(Claim.PASSED, link, ""))) {
      throw new HostileNameException(path.toString(), "is a link that another link leads through");
    }
    insert(path, key(Claim.LINK, link, ""));

    // Its last name may be a link: where that one leads has been or will be looked at on its own.
    List<String> destination = target.destination();
    long position = TOP;
    for (int i = 0; i < destination.size() - 1; i++) {
      position = takenKey(position, destination.get(i));
      if (keys.contains(key(Claim.LINK, position, ""))) {
        throw new HostileNameException(path.toString(), "is a link that leads through another");
      }
      insert(path, key(Claim.PASSED, position, ""));
    }
  }

  private long addTaken(EntryPath path) throws HostileNameException {
    long key = takenKey(enter(path), path.name());
    if (!insert(path, key)) {
      throw new HostileNameException(
          path.toString(),
          "has the name of another entry, on systems where upper and lower case are the same");
    }
    return key;
  }

  /** Makes sure that all above an entry can be directories. */
  private long enter(EntryPath path) throws HostileNameException {
    String above = path.directory();
    if (above.equals(directory)) {
      return directoryKey;
    }
    long key = TOP;
    for (String name : above.isEmpty() ? new String[0] : above.split("/")) {
      long spelled = key(Claim.DIRECTORY, key, name);
      key = takenKey(key, name);
      if (keys.contains(spelled)) {
        continue;
      }
      if (!insert(path, key)) {
        throw new HostileNameException(
            path.toString(),
            "needs a directory where another entry is, or has it in another spelling");
      }
      insert(path, spelled);
    }
    directory = above;
    directoryKey = key;
    return key;
  }

  private boolean insert(EntryPath path, long key) throws HostileNameException {
    if (keys.isFull()) {
      throw new HostileNameException(path.toString(), "is one entry too many for a share");
    }
    return keys.add(key);
  }

  private long takenKey(long above, String name) {
    return key(Claim.TAKEN, above, NameFolding.fold(name));
  }

  private long key(Claim claim, long above, String name) {
    digest.update(secret);
    digest.update(claim.tag);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      digest.update((byte) (above >>> shift));
    }
    byte[] hash = digest.digest(name.getBytes(StandardCharsets.UTF_8));
    long key = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      key = key << Byte.SIZE | (hash[i] & 0xff);
    }
    return key;
  }

  /** What the set takes on the heap, nearly. */
  long bytes() {
    return keys.bytes();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }
}
