package dev.warren.node;

import dev.warren.node.share.IgnoreFiles;
import dev.warren.node.share.Scanner;
import dev.warren.node.store.FileStamp;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.NameSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Lists as sharing would, and refuses what it would refuse. */
final class SharePreview implements Scanner.Sink {
  private final Consumer<Previewed> found;
  private final NameSet names = new NameSet();

  private SharePreview(Consumer<Previewed> found) {
    this.found = found;
  }

  static void of(ShareOptions options, Consumer<Previewed> found) throws IOException {
    if (!(options.source() instanceof ShareOptions.Source.Paths paths)) {
      throw new IllegalArgumentException("content has to be read to be listed");
    }
    Scanner.scan(
        Scanner.roots(paths.paths()),
        IgnoreFiles.with(options.exclude()),
        note -> found.accept(new Previewed.Refused(note.sentence())),
        new SharePreview(found));
  }

  @Override
  public void add(Entry entry, Path source, FileStamp stamp) throws IOException {
    switch (entry) {
      case Entry.File file -> names.add(file.path());
      case Entry.Directory directory -> names.add(directory.path());
      case Entry.Link link -> names.addLink(link.path(), link.target());
    }
    found.accept(new Previewed.Shared(entry));
  }

  @Override
  public void skipped(String entry, boolean isDirectory, String rule) {
    found.accept(new Previewed.Ignored(entry, isDirectory, rule));
  }
}
