package dev.warren.libp2p.identity;

import dev.warren.libp2p.multiformats.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Set;

/**
 * A private key on disk, where nobody but its owner can read it.
 *
 * <p>The file is one line: the key's protobuf in base64. That is what Kubo has as {@code PrivKey}
 * in its configuration, so that an identity can be carried over by hand, and it survives an editor
 * and the clipboard.
 */
public final class KeyFile {
  /** The longest key in base64, with room for the white space of an editor. */
  private static final int MAX_FILE_BYTES = 4 * PrivateKey.MAX_PROTOBUF_BYTES / 3 + 64;

  private KeyFile() {}

  /**
   * Reads a key.
   *
   * @throws java.nio.file.NoSuchFileException if there is no file
   * @throws KeyFileException if others can read the file, or it does not hold a key
   */
  public static PrivateKey load(Path file) throws IOException {
    OwnerOnly.require(file);
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_FILE_BYTES + 1);
    }
    try {
      return parse(content);
    } catch (MalformedException e) {
      throw new KeyFileException(
          file, "holds no key (" + e.getMessage() + "): restore it from a copy, or move it away");
    }
  }

  /**
   * Reads the key, or makes one if there is no file. When several processes do so at once, all of
   * them get the same key.
   */
  public static PrivateKey loadOrCreate(Path file, KeyType type) throws IOException {
    if (Files.exists(file)) {
      return load(file);
    }
    PrivateKey key = PrivateKey.generate(type);
    try {
      Path draft = writeDraft(file, key);
      try {
        publish(draft, file);
      } finally {
        Files.deleteIfExists(draft);
      }
      return key;
    } catch (FileAlreadyExistsException e) {
      // Somebody else was quicker; the one who was first decides who this node is.
      return load(file);
    }
  }

  /** Writes a key, in place of the one that may be there. */
  public static void save(Path file, PrivateKey key) throws IOException {
    Path draft = writeDraft(file, key);
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  static PrivateKey parse(byte[] content) {
    if (content.length > MAX_FILE_BYTES) {
      throw new MalformedException("more than " + MAX_FILE_BYTES + " bytes");
    }
    String line = new String(content, StandardCharsets.ISO_8859_1).strip();
    byte[] protobuf;
    try {
      protobuf = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      // Without the cause: its text has a character of what may be a secret.
      throw new MalformedException("not a line of base64");
    }
    return PrivateKey.fromProtobuf(protobuf);
  }

  /** The complete file under a passing name, so that its own name never means half a key. */
  private static Path writeDraft(Path file, PrivateKey key) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new KeyFileException(file, "is a directory");
    }
    OwnerOnly.createDirectories(directory);
    Path draft = Files.createTempFile(directory, ".key", ".tmp", OwnerOnly.file(file));
    try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      writeFully(out, encode(key));
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    return draft;
  }

  /**
   * Gives the draft its name, unless another file has it. A rename would replace that file, and a
   * check before it could be overtaken; a second name cannot be given twice.
   */
  private static void publish(Path draft, Path file) throws IOException {
    try {
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      copyToNewFile(draft, file);
    }
  }

  /**
   * For file systems that know no second names. Still only one of several processes makes the file;
   * another may find it unfinished, say so, and has to be started again.
   */
  static void copyToNewFile(Path draft, Path file) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel out = FileChannel.open(file, options, OwnerOnly.file(file))) {
      writeFully(out, Files.readAllBytes(draft));
    }
  }

  private static byte[] encode(PrivateKey key) {
    String line = Base64.getEncoder().encodeToString(key.toProtobuf()) + "\n";
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  private static void writeFully(FileChannel out, byte[] content) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    out.force(true);
  }
}
