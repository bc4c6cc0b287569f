package dev.warren.cli.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A system of its own for some processes, on a Linux that lets its users make one. */
final class Namespace implements AutoCloseable {
  /** What of the system is its own; the letter is that of the system's commands. */
  enum Kind {
    MOUNTS("-m"),
    NETWORK("-n");

    private final String option;

    Kind(String option) {
      this.option = option;
    }
  }

  private final Kind kind;
  private final Process holder;

  private Namespace(Kind kind, Process holder) {
    this.kind = kind;
    this.holder = holder;
  }

  /** Makes one and sets it up by a script; empty if either is not possible. */
  static Optional<Namespace> make(Kind kind, String script, String... arguments)
      throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of("unshare", "-Ur", kind.option, "sh", "-ec", script + "\necho made; exec cat"));
    line.add("sh");
    line.addAll(List.of(arguments));
    Process holder;
    try {
      holder = new ProcessBuilder(line).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Optional.empty(); // there is no such command
    }
    if ("made".equals(holder.inputReader().readLine())) {
      return Optional.of(new Namespace(kind, holder));
    }
    holder.destroy();
    return Optional.empty();
  }

  /** A network of one computer, on which programs hear each other's multicasts. */
  static Optional<Namespace> network() throws IOException {
    return make(
        Kind.NETWORK,
        """
        ip link set lo up
        ip link set lo multicast on
        ip route add 224.0.0.0/4 dev lo\
        """);
  }

  /** What has to stand before a command that is to run in it. */
  List<String> prefix() {
    return List.of(
        "nsenter", "-t", Long.toString(holder.pid()), "-U", kind.option, "--preserve-credentials");
  }

  /** Where we see what is at a path in it. */
  Path see(Path inside) {
    return Path.of("/proc/" + holder.pid() + "/root" + inside);
  }

  @Override
  public void close() {
    holder.destroy();
  }
}
