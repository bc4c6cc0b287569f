package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * croc over the relay that its sender brings along, to which the receiver is sent directly: neither
 * looks for the other on any network.
 *
 * @param compresses as croc does unless it is told not to
 */
record CrocCourier(boolean compresses) implements Courier {
  private static final String CROC = System.getProperty("warren.croc", "croc");
  private static final String SECRET = "4821-otter-violet-canoe";
  private static final int PORT = 29009;

  /** What the sender and its relay need to agree. */
  private static final int PAUSES_IN_ROOM = 5;

  @Override
  public String name() {
    return compresses ? "croc" : "croc --no-compress";
  }

  @Override
  public Offer offer(Path source, Path home) throws IOException {
    Map<String, String> environment =
        Map.of("CROC_SECRET", SECRET, "CROC_CONFIG_DIR", home.toString());
    List<String> send =
        line("--local", "send", "--code", SECRET, "--port", "" + PORT, source.toString());
    Program sender = Program.start(send, environment, home.resolve("send.log"));
    // It has hashed everything by then, but breaks when a receiver is in its relay's room before
    // it.
    sender.awaitText("Code is");
    awaitSenderInRoom();
    return new Offer() {
      @Override
      public Arrival receive(Path into) throws IOException {
        List<String> receive =
            line("--overwrite", "--ip", "127.0.0.1:" + PORT, "--out", into.toString());
        return Courier.receive(receive, environment, home.resolve("receive.log"));
      }

      @Override
      public ProcessMeter.Reading taken() {
        return sender.taken();
      }

      @Override
      public void close() throws IOException {
        sender.close();
      }
    };
  }

  /**
   * The sender comes to its relay by a connection like everybody's, half a second after the code.
   */
  private static void awaitSenderInRoom() throws IOException {
    Pattern established = Pattern.compile(":%04X [0-9A-F]+:[0-9A-F]{4} 01 ".formatted(PORT));
    while (!established
        .matcher(
            Files.readString(Path.of("/proc/net/tcp"))
                + Files.readString(Path.of("/proc/net/tcp6")))
        .find()) {
      Program.pause();
    }
    for (int pauses = 0; pauses < PAUSES_IN_ROOM; pauses++) {
      Program.pause();
    }
  }

  private List<String> line(String... arguments) {
    var line = new ArrayList<>(List.of(CROC, "--yes", "--ignore-stdin"));
    if (!compresses) {
      line.add("--no-compress");
    }
    line.addAll(List.of(arguments));
    return line;
  }
}
