package dev.warren.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A command that serves until it is interrupted, on a thread of this process. */
final class RunningNode implements AutoCloseable {
  private final Terminal terminal;
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final JsonObject announcement;

  private RunningNode(Path home, String... command) throws InterruptedException {
    terminal = new Terminal(home);
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--json", "--data-dir", home.resolve("node").toString()));
    args.addAll(List.of("--listen", "/ip4/127.0.0.1/tcp/0"));
    Thread.ofVirtual().start(() -> exitCode.complete(terminal.run(args.toArray(String[]::new))));
    announcement = terminal.nextObject();
  }

  static RunningNode start(Path home, String... command) throws InterruptedException {
    return new RunningNode(home, command);
  }

  JsonObject announcement() {
    return announcement;
  }

  String peer() {
    return announcement.get("peer").getAsString();
  }

  String address() {
    return addresses().getFirst();
  }

  List<String> addresses() {
    return announcement.getAsJsonArray("addresses").asList().stream()
        .map(JsonElement::getAsString)
        .toList();
  }

  /** The next thing that it tells. */
  JsonObject next() throws InterruptedException {
    return terminal.nextObject();
  }

  /** Interrupts it and waits for its end. */
  int stop() {
    terminal.interrupt();
    return exitCode.join();
  }

  @Override
  public void close() {
    int _ = stop();
  }
}
