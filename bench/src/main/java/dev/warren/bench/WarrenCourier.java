package dev.warren.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code warren share} and {@code warren receive}, as a user starts them. */
final class WarrenCourier implements Courier {
  /** The launcher, which scripts/bench has had built. */
  static final String LAUNCHER = System.getProperty("warren.launcher", "warren");

  @Override
  public String name() {
    return "warren";
  }

  @Override
  public WarrenOffer offer(Path source, Path home) throws IOException {
    return new WarrenOffer(source, home);
  }

  /** A node that shares. */
  static final class WarrenOffer implements Offer {
    private final Path home;
    private final Program sharer;
    private final JsonObject code;

    private WarrenOffer(Path source, Path home) throws IOException {
      this.home = home;
      sharer =
          Program.startTelling(
              line(home.resolve("sharer"), "share", source.toString()),
              Map.of(),
              home.resolve("share.log"));
      code = sharer.await("code");
    }

    @Override
    public void awaitReady() throws IOException {
      sharer.await("hashed");
    }

    @Override
    public Arrival receive(Path into) throws IOException {
      long begin = System.nanoTime();
      try (Program receiver = startReceiver(into)) {
        JsonObject done = receiver.await("done");
        receiver.awaitSuccess();
        return new Arrival(
            (System.nanoTime() - begin) / 1e9, done.get("seconds").getAsDouble(), receiver.taken());
      }
    }

    /** Begins to receive. */
    Program startReceiver(Path into) throws IOException {
      return Program.startTelling(
          line(home.resolve("receiver"), "receive", "--yes", "--overwrite", "-o", into.toString()),
          Map.of("WARREN_CODE", code.get("ticket").getAsString()),
          home.resolve("receive.log"));
    }

    /** Ends the process as a crash would, so that another one goes on with the share. */
    void kill() throws IOException {
      sharer.kill();
    }

    @Override
    public ProcessMeter.Reading taken() {
      return sharer.taken();
    }

    @Override
    public void close() throws IOException {
      sharer.close();
    }
  }

  private static List<String> line(Path node, String command, String... arguments) {
    var line =
        new ArrayList<>(List.of(LAUNCHER, command, "--json", "--no-lan", "--network", "off"));
    line.addAll(List.of("--data-dir", node.toString(), "--listen", "/ip4/127.0.0.1/tcp/0"));
    line.addAll(List.of(arguments));
    return line;
  }
}
