package dev.warren.cli.endtoend;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A network of processes on one machine. One more shares by words, and others receive with nothing
 * but the words and the address of one node, which is another one than the sharer joined by.
 */
final class WordsOverDht implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String CONTENT = "hello";

  private final Path folder;
  private final List<WarrenProcess> nodes = new ArrayList<>();
  private final Deque<WarrenProcess> others = new ArrayDeque<>();

  WordsOverDht(Path folder) {
    this.folder = folder;
  }

  /** Starts a network, of which all join by the first. */
  void start(int count) throws IOException {
    nodes.add(serve(0, List.of()));
    String first = address(nodes.getFirst());
    for (int i = 1; i < count; i++) {
      nodes.add(serve(i, List.of("--bootstrap", first)));
    }
    nodes.subList(1, count).forEach(node -> node.await(PATIENCE, "joined"));
  }

  private WarrenProcess serve(int number, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("dht", "serve"));
    arguments.addAll(more);
    return warren("node" + number, arguments);
  }

  private static String address(WarrenProcess node) {
    JsonObject listening = node.await(PATIENCE, "listening");
    return listening.getAsJsonArray("addresses").get(0).getAsString();
  }

  /** Shares something; returns the words when they can be found. */
  String share() throws IOException {
    Files.createDirectories(folder);
    Path shared = Files.writeString(folder.resolve("readme.txt"), CONTENT);
    WarrenProcess sharer =
        warren(
            "sharer",
            List.of("share", "--no-lan", "--bootstrap", address(nodes.get(1)), shared.toString()));
    others.push(sharer);
    sharer.await(PATIENCE, "announced");
    return sharer.await(PATIENCE, "code").get("words").getAsString();
  }

  /** Receives it; returns how long that took from the start of the process to the last byte. */
  Duration receive(String name, String words) throws IOException {
    String bootstrap = address(nodes.getLast());
    long begin = System.nanoTime();
    WarrenProcess receiver =
        warren(
            name,
            List.of("receive", "--no-lan", "--bootstrap", bootstrap, "--yes", "-o", "out", words));
    others.push(receiver);
    receiver.await(PATIENCE, "done");
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    receiver.awaitEnd(PATIENCE);
    Path received = folder.resolve(name).resolve("out/readme.txt");
    if (receiver.exitCode() != 0 || !Files.readString(received).equals(CONTENT)) {
      throw new ChaosException("it has received something else\n" + receiver);
    }
    return took;
  }

  private WarrenProcess warren(String name, List<String> arguments) throws IOException {
    Path home = folder.resolve(name);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--json", "--network", "lan", "--listen", "/ip4/127.0.0.1/tcp/0"));
    all.addAll(List.of("--data-dir", home.resolve("data").toString()));
    return WarrenProcess.start(List.of(), home, all);
  }

  @Override
  public void close() {
    others.forEach(WarrenProcess::close);
    nodes.forEach(WarrenProcess::close);
  }
}
