package dev.warren.cli.endtoend.lab;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.warren.cli.endtoend.WarrenProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** An internet with some public nodes, by way of which those in homes find each other. */
final class Laboratory implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int PUBLIC_NODES = 4;

  /** Of IPv4 as well. Some let nothing out but what goes to the last port. */
  private static final List<String> LISTEN =
      List.of("/ip6/::/udp/4001/quic-v1", "/ip6/::/tcp/4001", "/ip6/::/tcp/443");

  private final Path folder;
  private final Path network;
  private final Internet internet = Internet.make();
  private final List<Internet.Attachment> places = new ArrayList<>();
  private final List<WarrenProcess> nodes = new ArrayList<>();

  Laboratory(Path folder) {
    this.folder = folder;
    network = folder.resolve("lab.toml");
    for (int i = 1; i <= PUBLIC_NODES; i++) {
      places.add(internet.attach(i, NetworkNamespace.make("public" + i)));
    }
  }

  /** Starts the public nodes. */
  void start() throws IOException {
    for (Internet.Attachment place : places) {
      List<String> bootstrap =
          nodes.stream().map(Laboratory::addresses).flatMap(List::stream).toList();
      writeNetwork(bootstrap);
      List<String> line = new ArrayList<>(List.of("relay", "--status", "off"));
      LISTEN.forEach(address -> line.addAll(List.of("--listen", address)));
      nodes.add(warren(place.namespace(), folder.resolve(place.namespace().name()), line));
      nodes.getLast().await(PATIENCE, "listening");
    }
    for (WarrenProcess node : nodes.subList(1, nodes.size())) {
      node.await(PATIENCE, "joined");
    }
    writeNetwork(nodes.stream().map(Laboratory::addresses).flatMap(List::stream).toList());
  }

  private void writeNetwork(List<String> bootstrap) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        network,
        """
        protocol = "/warren/kad/1.0.0"
        reach = "public"
        bootstrap = [%s]
        """
            .formatted(
                bootstrap.stream()
                    .map(address -> "\"" + address + "\"")
                    .collect(Collectors.joining(", "))));
  }

  private static List<String> addresses(WarrenProcess node) {
    JsonObject listening = node.await(PATIENCE, "listening");
    return StreamSupport.stream(listening.getAsJsonArray("addresses").spliterator(), false)
        .map(JsonElement::getAsString)
        .filter(address -> address.contains("/11.") || address.contains("/2a0b:"))
        .toList();
  }

  /**
   * Starts a command in a place, in the network of the public nodes.
   *
   * @param home a folder for all that it keeps
   */
  WarrenProcess warren(NetworkNamespace place, Path home, List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--json", "--verbose", "--network", network.toString()));
    all.addAll(List.of("--data-dir", home.resolve("data").toString()));
    return WarrenProcess.start(place.prefix(), home, all);
  }

  Internet internet() {
    return internet;
  }

  Path folder() {
    return folder;
  }

  /** Where the public nodes are. */
  List<Internet.Attachment> places() {
    return places;
  }

  @Override
  public void close() {
    nodes.forEach(WarrenProcess::close);
  }
}
