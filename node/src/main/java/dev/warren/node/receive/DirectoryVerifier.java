package dev.warren.node.receive;

import dev.warren.node.NodeRecords;
import dev.warren.node.VerificationListener;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.EntryPath;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hashes again what lies in a directory and was received. Where several shares brought the same
 * path, the latest counts. Used once.
 */
public final class DirectoryVerifier {
  private final Path directory;
  private final VerificationListener listener;

  /** The folders in which nothing else is expected. */
  private final Set<Path> roots = new HashSet<>();

  private long files;
  private long bytes;
  private long verified;
  private long changed;
  private long missing;
  private long extra;

  /** Verifies this directory, or file. */
  public DirectoryVerifier(Path directory, VerificationListener listener) {
    this.directory = directory;
    this.listener = listener;
  }

  /**
   * Verifies.
   *
   * @param received the latest first
   * @return nothing if none of it lies in the directory
   */
  public Optional<NodeRecords.Verification> verify(List<ReceivedRecord> received)
      throws IOException {
    List<ReceivedRecord> here = received.stream().filter(this::concerns).toList();
    if (visit(here, this::count).isEmpty()) {
      return Optional.empty();
    }
    listener.begun(files, bytes);
    findExtra(visit(here, this::verify));
    return Optional.of(new NodeRecords.Verification(verified, changed, missing, extra));
  }

  private boolean concerns(ReceivedRecord record) {
    return Files.exists(record.database())
        && (record.directory().startsWith(directory) || directory.startsWith(record.directory()));
  }

  /** Visits what lies in the directory, each path once, and tells which these are. */
  private Fingerprints visit(List<ReceivedRecord> received, ReceivedRecord.Visitor visitor)
      throws IOException {
    var known = new Fingerprints();
    for (ReceivedRecord record : received) {
      record.visit(
          (share, stored, path) -> {
            if (path.startsWith(directory) && known.add(path)) {
              visitor.visit(share, stored, path);
              Path top = record.top(path);
              if (!top.equals(path) || stored.entry() instanceof Entry.Directory) {
                roots.add(top.startsWith(directory) ? top : directory);
              }
            }
          });
    }
    return known;
  }

  private void count(ShareDatabase share, StoredEntry stored, Path path) {
    if (stored.entry() instanceof Entry.File file) {
      files++;
      bytes += file.size();
    }
  }

  private void verify(ShareDatabase share, StoredEntry stored, Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      missing++;
      listener.missing(nameOf(path));
    } else if (isSame(share, stored, path)) {
      verified++;
    } else {
      changed++;
      listener.changed(nameOf(path));
    }
  }

  private boolean isSame(ShareDatabase share, StoredEntry stored, Path path) throws IOException {
    return switch (stored.entry()) {
      case Entry.File file -> isSame(share, stored.number(), file.size(), path);
      case Entry.Directory _ -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      case Entry.Link link -> Destination.leadsTo(path, Path.of(link.target().toString()));
    };
  }

  private boolean isSame(ShareDatabase share, long entry, long size, Path path) throws IOException {
    var chunks = new Chunks(new ContentIterator(share, entry));
    boolean same =
        Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            && Verification.consistsOf(path, chunks);
    listener.hashed(size - chunks.told); // the rest of one that turned out to differ
    return same;
  }

  /** The chunks of a file, of which each is told when it is the next to be hashed. */
  private final class Chunks implements Iterator<Chunk> {
    private final ContentIterator placed;
    private long told;

    Chunks(ContentIterator placed) {
      this.placed = placed;
    }

    @Override
    public boolean hasNext() {
      return placed.hasNext();
    }

    @Override
    public Chunk next() {
      Chunk chunk = placed.next().chunk();
      listener.hashed(chunk.length());
      told += chunk.length();
      return chunk;
    }
  }

  private void findExtra(Fingerprints known) throws IOException {
    for (Path root : roots) {
      boolean within = roots.stream().anyMatch(it -> !it.equals(root) && root.startsWith(it));
      if (!within && Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
        Files.walkFileTree(root, new ExtraFiles(known));
      }
    }
  }

  /** Tells of files that nobody sent; those of a transfer that goes on are none of them. */
  private final class ExtraFiles extends SimpleFileVisitor<Path> {
    private final Fingerprints known;

    ExtraFiles(Fingerprints known) {
      this.known = known;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return String.valueOf(folder.getFileName()).startsWith(EntryPath.PARTIAL_PREFIX)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!known.contains(file)) {
        extra++;
        listener.extra(nameOf(file));
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private String nameOf(Path path) {
    return path.equals(directory)
        ? String.valueOf(path.getFileName())
        : directory.relativize(path).toString();
  }
}
