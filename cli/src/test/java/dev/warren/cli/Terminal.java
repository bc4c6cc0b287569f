package dev.warren.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.store.DataDirectory;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody who types commands: runs them in this process and keeps what they print. */
final class Terminal {
  /** What the clock shows all the time. */
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private final Path home;
  private final NodeStarter nodes;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Interruption interruption = new Interruption();
  private Terminals terminals = Terminals.NONE;
  private InputStream in = InputStream.nullInputStream();
  private Map<String, String> environment = Map.of();
  private TimeSource time = TimeSource.system();

  Terminal(Path home) {
    this(home, NodeStarter.real());
  }

  /** One whose commands get their nodes from here. */
  Terminal(Path home, NodeStarter nodes) {
    this.home = home;
    this.nodes = nodes;
  }

  /** One at which a person sits, who types this, line by line. */
  Terminal withPerson(String... typed) {
    terminals = new Terminals(true, true, true);
    return typing(typed);
  }

  /** One whose standard input is this, line by line. */
  Terminal typing(String... typed) {
    in = new ByteArrayInputStream(String.join("\n", typed).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Terminal withEnvironment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  Terminal withTime(TimeSource source) {
    time = source;
    return this;
  }

  /** Runs a command to its end. */
  int run(String... args) {
    return Warren.run(session(), args);
  }

  /** Presses Ctrl-C. */
  void interrupt() {
    interruption.request();
  }

  /** Waits for the next line of standard output. */
  String nextLine() throws InterruptedException {
    String line = lines.poll(30, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("nothing was printed; errors: " + err());
    }
    return line;
  }

  JsonObject nextObject() throws InterruptedException {
    return JsonParser.parseString(nextLine()).getAsJsonObject();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** What was printed as objects; fails when a line is none. */
  List<JsonObject> objects() {
    return out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  private Session session() {
    var printed =
        new PrintWriter(out) {
          @Override
          public void println(String line) {
            super.println(line);
            lines.add(line);
          }
        };
    return new Session(
        new Console(
            terminals, in, printed, new PrintWriter(err), environment, interruption::request),
        interruption,
        time,
        InstantSource.fixed(NOW),
        nodes,
        new DataDirectory(home.resolve("default")));
  }
}
