package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What people do with nc: tar through a bare socket, neither encrypted nor checked. The yardstick,
 * since there is nothing in it that could be left out.
 */
final class CopyCourier implements Courier {
  private static final String PORT = "29029";

  @Override
  public String name() {
    return "tar and socat";
  }

  @Override
  public Offer offer(Path source, Path home) throws IOException {
    Program sender =
        shell(
            "tar -C \"$1\" -cSf - \"$2\" | socat -u -b262144 STDIN TCP-LISTEN:"
                + PORT
                + ",bind=127.0.0.1,reuseaddr",
            home.resolve("send.log"),
            source.getParent().toString(),
            source.getFileName().toString());
    return new Offer() {
      @Override
      public Arrival receive(Path into) throws IOException {
        Files.createDirectories(into);
        return Courier.receive(
            command(
                "set -o pipefail; socat -u -b262144 TCP:127.0.0.1:"
                    + PORT
                    + " STDOUT | tar -C \"$1\" -xSf -",
                into.toString()),
            Map.of(),
            home.resolve("receive.log"));
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

  private static Program shell(String script, Path log, String... arguments) throws IOException {
    return Program.start(command(script, arguments), Map.of(), log);
  }

  private static List<String> command(String script, String... arguments) {
    var line = new java.util.ArrayList<>(List.of("bash", "-c", script, "bash"));
    line.addAll(List.of(arguments));
    return line;
  }
}
