package dev.warren.cli;

import dev.warren.node.Previewed;
import dev.warren.protocols.transfer.manifest.Entry;
import java.util.function.Consumer;

/** Shows what would be shared, and what would not. */
final class SharePreviewDisplay implements Consumer<Previewed> {
  private final Console console;
  private long entries;
  private long files;
  private long bytes;
  private long ignored;
  private long refused;

  SharePreviewDisplay(Console console) {
    this.console = console;
  }

  @Override
  public void accept(Previewed previewed) {
    switch (previewed) {
      case Previewed.Shared(Entry entry) -> {
        entries++;
        if (entry instanceof Entry.File file) {
          files++;
          bytes += file.size();
        }
        console.say(() -> EntryLine.text(entry), () -> EntryLine.object(entry));
      }
      case Previewed.Ignored(String path, boolean directory, String rule) -> {
        ignored++;
        console.say(
            () ->
                EntryLine.text("left out", path + (directory ? "/" : ""))
                    + "  (%s)".formatted(Printable.of(rule)),
            () -> JsonObject.event("ignored").with("path", path).with("rule", rule));
      }
      case Previewed.Refused(String sentence) -> {
        refused++;
        console.note("warren: " + Printable.of(sentence));
        console.sayToPrograms(() -> JsonObject.event("refused").with("message", sentence));
      }
    }
  }

  /** That was all. */
  void end() {
    console.say(
        () ->
            "%s, %s would be shared; %d left out, %d cannot be shared."
                .formatted(EntryLine.files(files), ByteSize.format(bytes), ignored, refused),
        () ->
            JsonObject.event("preview")
                .with("entries", entries)
                .with("files", files)
                .with("bytes", bytes)
                .with("ignored", ignored)
                .with("refused", refused));
  }
}
