package dev.warren.cli;

import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.CacheSummary;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what the cache holds. */
@Command(
    name = "cache",
    description = {
      "Show what the cache holds.",
      "",
      "It keeps content that is in no file of yours, such as what was shared from standard input."
          + " When it is full, what was not used for longest goes first; what a share needs that has"
          + " not ended stays."
    },
    footer = {
      "",
      "Examples:",
      "  warren cache",
      "  warren cache clear",
      "",
      "With --json, the line is {\"event\":\"cache\",\"files\":…,\"bytes\":…,\"pinned_bytes\":…,",
      "\"limit_bytes\":…}; what is pinned, shares need."
    })
final class CacheCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();

  private final Session session;

  CacheCommand(Session session) {
    this.session = session;
  }

  NodeRecords records() throws IOException {
    return directory.records(session);
  }

  @Override
  public Integer call() throws IOException {
    CacheSummary cache;
    try (NodeRecords records = records()) {
      cache = records.cache();
    }
    session
        .console()
        .say(
            () -> text(cache),
            () ->
                JsonObject.event("cache")
                    .with("files", cache.files())
                    .with("bytes", cache.bytes())
                    .with("pinned_bytes", cache.pinnedBytes())
                    .with("limit_bytes", cache.limitBytes()));
    return ExitCode.DONE.number();
  }

  private static String text(CacheSummary cache) {
    String limit = ByteSize.format(cache.limitBytes());
    if (cache.files() == 0) {
      return "The cache is empty. It may hold %s.".formatted(limit);
    }
    return "The cache holds %s in %d files; it may hold %s.%s"
        .formatted(
            ByteSize.format(cache.bytes()),
            cache.files(),
            limit,
            cache.pinnedBytes() == 0
                ? ""
                : "\nOf that, shares need %s.".formatted(ByteSize.format(cache.pinnedBytes())));
  }
}
