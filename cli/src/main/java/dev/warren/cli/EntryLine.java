package dev.warren.cli;

import dev.warren.protocols.transfer.manifest.Entry;

/** An entry of a share as a line of a list, and as an object. */
final class EntryLine {
  private EntryLine() {}

  static String text(Entry entry) {
    return switch (entry) {
      case Entry.File file -> text(ByteSize.format(file.size()), file.path().toString());
      case Entry.Directory directory -> text("folder", directory.path() + "/");
      case Entry.Link link -> text("link", link.path() + " -> " + link.target());
    };
  }

  static String text(String what, String path) {
    return "%10s  %s".formatted(what, Printable.of(path));
  }

  static String files(long count) {
    return count == 1 ? "1 file" : count + " files";
  }

  static JsonObject object(Entry entry) {
    JsonObject object = JsonObject.event("entry").with("path", entry.path().toString());
    return switch (entry) {
      case Entry.File file -> object.with("kind", "file").with("size", file.size());
      case Entry.Directory _ -> object.with("kind", "folder");
      case Entry.Link link -> object.with("kind", "link").with("target", link.target().toString());
    };
  }
}
