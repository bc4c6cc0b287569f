package dev.warren.cli;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs what people start most, so that the JVM can remember the classes it took (JEP 514). Part of
 * the build, see the module's pom; never of a running node.
 */
final class StartupTraining {
  private static final Pattern ADDRESS = Pattern.compile("\"(/ip4/127\\.0\\.0\\.1/[^\"]*)\"");

  private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

  private final Path directory;

  private StartupTraining(Path directory) {
    this.directory = directory;
  }

  /**
   * Trains.
   *
   * @param args a directory for passing files, and the file that marks the build as complete
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    new StartupTraining(Path.of(args[0])).run();
    Files.writeString(Path.of(args[1]), Instant.now() + "\n");
    System.exit(0); // as the command does, which takes classes too
  }

  /** A command that fails here only leaves the cache less complete: what is wrong, tests say. */
  private void run() throws InterruptedException {
    var nowhere = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Main.main(new String[] {"--version"});
    run(nowhere, "--help");
    run(nowhere, "ping", "--help");
    run(nowhere, "id", "--data-dir", data());
    run(nowhere, "id", "--json", "--data-dir", data());
    run(nowhere, "shares", "--data-dir", data());
    visitEachOther(nowhere);
  }

  private void visitEachOther(PrintWriter nowhere) throws InterruptedException {
    var printed = new StringWriter();
    var announced = new CountDownLatch(1);
    var out =
        new PrintWriter(printed) {
          @Override
          public void println(String line) {
            super.println(line);
            announced.countDown();
          }
        };
    Session serving = session(out);
    Thread server =
        Thread.ofVirtual()
            .start(
                () -> {
                  String[] args = {
                    "perf", "serve", "--json", "--data-dir", data(), "--listen", LOOPBACK
                  };
                  Warren.run(serving, args);
                  announced.countDown();
                });
    announced.await();
    Matcher address = ADDRESS.matcher(printed.toString());
    if (address.find()) {
      run(nowhere, "ping", "-c", "2", "-i", "1ms", address.group(1));
      run(nowhere, "perf", "run", "--upload", "1MiB", address.group(1));
    }
    serving.interruption().request();
    server.join();
  }

  private void run(PrintWriter out, String... args) {
    int exitCode = Warren.run(session(out), args);
    System.err.println("'" + String.join(" ", args) + "' ended with " + exitCode);
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private Session session(PrintWriter out) {
    var interruption = new Interruption();
    return new Session(
        new Console(
            Terminals.NONE,
            InputStream.nullInputStream(),
            out,
            StandardStreams.err(),
            Map.of(),
            interruption::request),
        interruption,
        TimeSource.system(),
        InstantSource.system(),
        NodeStarter.real(),
        new DataDirectory(directory.resolve("default")));
  }
}
