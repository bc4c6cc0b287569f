package dev.warren.node.receive;

import dev.warren.node.NodeRecords;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.manifest.Entry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** What is known of a share that was received as a whole. */
public record ReceivedRecord(Path database, Path directory) {
  private static final int PAGE = 1024;

  /**
   * Hashes again what was received.
   *
   * @throws IOException if the record, or what is there, cannot be read
   */
  public NodeRecords.Verification verify() throws IOException {
    List<String> changed = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Set<Path> known = new HashSet<>();
    Set<String> tops = new HashSet<>();
    long verified = 0;
    try (ShareDatabase share = ShareDatabase.open(database)) {
      for (long first = 0; first < share.totals().entries(); first += PAGE) {
        for (StoredEntry stored : share.entries(first, PAGE)) {
          if (EntryState.of(stored.state()) == EntryState.SKIPPED
              || stored.content() == StoredEntry.Content.GONE) {
            continue;
          }
          String name = stored.local().orElse(stored.entry().path().toString());
          Path path = directory.resolve(name);
          known.add(path);
          tops.add(name.substring(0, Math.max(0, name.indexOf('/'))));
          if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            missing.add(name);
          } else if (isSame(share, stored, path)) {
            verified++;
          } else {
            changed.add(name);
          }
        }
      }
    }
    return new NodeRecords.Verification(verified, changed, missing, extra(tops, known));
  }

  private static boolean isSame(ShareDatabase share, StoredEntry stored, Path path)
      throws IOException {
    return switch (stored.entry()) {
      case Entry.File _ ->
          Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
              && Verification.consistsOf(path, chunks(share, stored.number()));
      case Entry.Directory _ -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      case Entry.Link link ->
          Files.isSymbolicLink(path)
              && Files.readSymbolicLink(path).equals(Path.of(link.target().toString()));
    };
  }

  private static Iterable<Chunk> chunks(ShareDatabase share, long entry) {
    return () -> {
      var placed = new ContentIterator(share, entry);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return placed.hasNext();
        }

        @Override
        public Chunk next() {
          return placed.next().chunk();
        }
      };
    };
  }

  /** Files in the directories of the share, of which it knows nothing. */
  private List<String> extra(Set<String> tops, Set<Path> known) throws IOException {
    List<String> extra = new ArrayList<>();
    for (String top : tops) {
      Path root = directory.resolve(top);
      if (top.isEmpty() || !Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!known.contains(file)) {
                extra.add(directory.relativize(file).toString());
              }
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return extra;
  }
}
