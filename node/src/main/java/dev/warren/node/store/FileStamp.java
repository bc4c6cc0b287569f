package dev.warren.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from another without reading it.
 *
 * @param modifiedNanos since 1970, UTC
 * @param key what the file system tells files apart by (the number of the inode), or 0 if it does
 *     not say
 */
public record FileStamp(long size, long modifiedNanos, long key) {

  /** The stamp of a file; of a link, that of what it leads to. */
  public static FileStamp of(Path file, LinkOption... options) throws IOException {
    return of(Files.readAttributes(file, BasicFileAttributes.class, options));
  }

  /** The stamp that these attributes make. */
  public static FileStamp of(BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    return new FileStamp(
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        key == null ? 0 : inode(key.toString()));
  }

  /** Whether a file with this stamp is still as it was when it had the other. */
  public boolean matches(FileStamp other) {
    return size == other.size
        && modifiedNanos == other.modifiedNanos
        && (key == other.key || key == 0 || other.key == 0);
  }

  /** The JDK shows the number in the key's text alone: {@code (dev=fd01,ino=1234)}. */
  private static long inode(String key) {
    int begin = key.indexOf("ino=");
    if (begin < 0) {
      return key.hashCode();
    }
    long inode = 0;
    for (int i = begin + 4; i < key.length() && Character.isDigit(key.charAt(i)); i++) {
      inode = inode * 10 + key.charAt(i) - '0';
    }
    return inode;
  }
}
