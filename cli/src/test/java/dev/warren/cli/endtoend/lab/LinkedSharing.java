package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import dev.warren.cli.endtoend.WarrenProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A file that is shared at one end of a link and received, by ticket, at the other. */
record LinkedSharing(Path folder, NetworkNamespace sharing, NetworkNamespace receiving) {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * How long it took.
   *
   * @param connected from the start of the receiver
   * @param whole from there until all was received
   * @param path what the receiver said about the connection
   */
  record Times(Duration connected, Duration whole, String path) {}

  Times run(int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    Path file = Files.write(Files.createDirectories(folder).resolve("content.bin"), content);
    try (var sharer = warren(sharing, "sharer", List.of("share", file.toString()))) {
      String ticket = sharer.await(PATIENCE, "code").get("ticket").getAsString();
      long begin = System.nanoTime();
      try (var receiver =
          warren(receiving, "receiver", List.of("receive", "--yes", "-o", "out", ticket))) {
        String path = receiver.await(PATIENCE, "path").get("path").getAsString();
        var connected = Duration.ofNanos(System.nanoTime() - begin);
        receiver.awaitEnd(PATIENCE);
        var whole = Duration.ofNanos(System.nanoTime() - begin).minus(connected);
        if (receiver.exitCode() != 0
            || Files.mismatch(file, folder.resolve("receiver/out/content.bin")) >= 0) {
          throw new ChaosException("it was not received\n" + receiver + sharer);
        }
        return new Times(connected, whole, path);
      }
    }
  }

  private WarrenProcess warren(NetworkNamespace place, String name, List<String> arguments)
      throws IOException {
    Path home = folder.resolve(name);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--json", "--no-lan", "--network", "off"));
    all.addAll(List.of("--data-dir", home.resolve("data").toString()));
    return WarrenProcess.start(place.prefix(), home, all);
  }
}
