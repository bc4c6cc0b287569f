package dev.warren.bench;

import com.google.gson.JsonObject;
import dev.warren.interop.Implementation;
import dev.warren.interop.PeerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A relay in a process of its own: ours as its users start it, the others without the limits that
 * thousands of peers of one address would meet.
 */
final class RelayUnderTest implements AutoCloseable {
  /** A relay that grants what the bench asks for. */
  private static final String SETTINGS =
      """
      listen = ["/ip4/127.0.0.1/tcp/0"]
      networks = []
      status.listen = "off"
      circuits.max = 20000
      circuits.max_per_peer = 20000
      circuits.seconds = 0
      circuits.bytes = 0
      drain.seconds = 0
      """;

  private final String name;
  private final String address;
  private final long pid;
  private final Closeable process;

  private RelayUnderTest(String name, String address, long pid, Closeable process) {
    this.name = name;
    this.address = address;
    this.pid = pid;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param home a folder for what it keeps
   */
  static RelayUnderTest start(Implementation implementation, Path home) throws IOException {
    if (implementation == Implementation.WARREN) {
      return warren(home);
    }
    PeerProcess peer = PeerProcess.start(implementation, "--relay", "on");
    return new RelayUnderTest(implementation.label(), peer.address(), peer.pid(), peer::close);
  }

  private static RelayUnderTest warren(Path home) throws IOException {
    Files.createDirectories(home);
    Path settings = Files.writeString(home.resolve("relay.toml"), SETTINGS);
    Program program =
        Program.startTelling(
            List.of(
                WarrenCourier.LAUNCHER,
                "relay",
                "--json",
                "--config",
                settings.toString(),
                "--data-dir",
                home.toString()),
            Map.of(),
            home.resolve("stderr.log"));
    JsonObject listening = program.await("listening");
    return new RelayUnderTest(
        Implementation.WARREN.label(),
        listening.get("addresses").getAsJsonArray().get(0).getAsString(),
        program.pid(),
        program::close);
  }

  String name() {
    return name;
  }

  String address() {
    return address;
  }

  long pid() {
    return pid;
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
