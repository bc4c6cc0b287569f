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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs what people start most, so that the JVM can remember the classes it took (JEP 514). Part of
 * the build, see the module's pom; never of a running node.
 */
final class StartupTraining {
  private static final Pattern ADDRESS = Pattern.compile("\"(/ip4/127\\.0\\.0\\.1/[^\"]*)\"");

  private static final Pattern TICKET = Pattern.compile("\"ticket\":\"([^\"]*)\"");

  private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

  private static final int MIB = 1 << 20;
  private static final int BIG_FILE_MIB = 8;
  private static final int SMALL_FILES = 100;
  private static final int SMALL_FILE_BYTES = 4096;

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
    Path directory = Path.of(args[0]);
    new StartupTraining(directory).run();
    delete(directory);
    Files.writeString(Path.of(args[1]), Instant.now() + "\n");
    System.exit(0); // as the command does, which takes classes too
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A command that fails here only leaves the cache less complete: what is wrong, tests say. */
  private void run() throws IOException, InterruptedException {
    var nowhere = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Main.main(new String[] {"--version"});
    run(nowhere, "--help");
    run(nowhere, "ping", "--help");
    run(nowhere, "id", "--data-dir", data("data"));
    run(nowhere, "id", "--json", "--data-dir", data("data"));
    run(nowhere, "shares", "--data-dir", data("data"));
    visitEachOther(nowhere);
    passFiles(nowhere);
  }

  private void visitEachOther(PrintWriter nowhere) throws InterruptedException {
    serve(
        ADDRESS,
        address -> {
          run(nowhere, "ping", "-c", "2", "-i", "1ms", address);
          run(nowhere, "perf", "run", "--upload", "1MiB", address);
        },
        "perf",
        "serve",
        "--json",
        "--data-dir",
        data("data"),
        "--listen",
        LOOPBACK);
  }

  private void passFiles(PrintWriter nowhere) throws IOException, InterruptedException {
    Path files = Files.createDirectories(directory.resolve("files"));
    var content = new byte[MIB];
    var random = new Random(1);
    try (OutputStream big = Files.newOutputStream(files.resolve("big"))) {
      for (int i = 0; i < BIG_FILE_MIB; i++) {
        random.nextBytes(content);
        big.write(content);
      }
    }
    for (int i = 0; i < SMALL_FILES; i++) {
      Files.write(
          files.resolve("small-" + i), Arrays.copyOfRange(content, i, i + SMALL_FILE_BYTES));
    }
    serve(
        TICKET,
        ticket -> run(nowhere, node("receive", "--yes", "-o", data("received"), ticket)),
        node("share", files.toString()));
  }

  private String[] node(String command, String... rest) {
    var args =
        new ArrayList<>(
            List.of(
                command, "--json", "--no-lan", "--network", "lan", "--data-dir", data(command)));
    args.addAll(List.of("--listen", LOOPBACK));
    args.addAll(List.of(rest));
    return args.toArray(String[]::new);
  }

  /** Runs a command in the background, and others with what its first line says. */
  private void serve(Pattern announcement, Consumer<String> visits, String... args)
      throws InterruptedException {
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
                  Warren.run(serving, args);
                  announced.countDown();
                });
    announced.await();
    Matcher found = announcement.matcher(printed.toString());
    if (found.find()) {
      visits.accept(found.group(1));
    }
    serving.interruption().request();
    server.join();
  }

  private void run(PrintWriter out, String... args) {
    int exitCode = Warren.run(session(out), args);
    System.err.println("'" + String.join(" ", args) + "' ended with " + exitCode);
  }

  private String data(String name) {
    return directory.resolve(name).toString();
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
