package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import dev.warren.cli.endtoend.WarrenProcess;
import dev.warren.cli.endtoend.lab.Traffic.Flow;
import dev.warren.cli.endtoend.lab.Traffic.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Somebody shares in a home, and somebody else receives in another by nothing but the words.
 *
 * <p>How the two talk is seen from outside of them: in what the internet has carried, and for whom.
 */
final class Meeting {
  private static final int CONTENT_BYTES = 12 << 20;

  private static final int HALF = CONTENT_BYTES / 2;

  /** What was asked for on one way comes by it, so a change is seen late, and by little. */
  private static final int SOME = CONTENT_BYTES / 8;

  /** So that there is something left to receive when a better way is found. */
  private static final String RATE = "3MiB";

  /** The same, where it takes a second attempt, which comes after 5 s. */
  private static final String SLOW_RATE = "1MiB";

  /** More than all attempts to reach somebody come to, of which each over QUIC is 5 KiB. */
  private static final int TALK_BYTES = 64 << 10;

  private static final String FIRST = "a.txt";
  private static final String SECOND = "b.bin";

  private static final Duration REBOOT = Duration.ofSeconds(2);

  /** Both ends have given the connection up by then. */
  private static final Duration AWAY = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(40);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Laboratory laboratory;
  private final Pair pair;
  private final String rate;
  private final Home sharing;
  private final Home receiving;
  private final Path folder;
  private final Path content;

  private boolean troubled;
  private Optional<Duration> connected = Optional.empty();
  private Optional<Duration> firstByte = Optional.empty();
  private Optional<Duration> direct = Optional.empty();

  /**
   * @param slow so that there is time for a second attempt to meet
   */
  Meeting(
      Laboratory laboratory, Pair pair, boolean slow, Home sharing, Home receiving, Path folder) {
    this.laboratory = laboratory;
    this.pair = pair;
    rate = slow || pair.needsQuic() ? SLOW_RATE : RATE;
    this.sharing = sharing;
    this.receiving = receiving;
    this.folder = folder;
    content = folder.resolve("content");
  }

  Pair.Result run() throws IOException {
    makeContent();
    List<String> share = List.of("share", "--no-lan", content.toString());
    try (var traffic = new Traffic(laboratory.internet());
        var sharer = laboratory.warren(sharing.computer(), folder.resolve("sharer"), share)) {
      sharer.await(PATIENCE, "announced");
      String words = sharer.await(PATIENCE, "code").get("words").getAsString();
      if (pair.start() == Pair.Start.SETTLED) {
        awaitSettled(sharer);
      }
      long begin = System.nanoTime();
      try (var receiver =
          laboratory.warren(
              receiving.computers().getLast(), folder.resolve("receiver"), receive(words))) {
        boolean received = watch(receiver, traffic, begin);
        if (received) {
          end(sharer);
        }
        return new Pair.Result(
            pair,
            received ? route(traffic) : Pair.Route.NONE,
            connected,
            firstByte,
            direct.map(it -> max(it.minus(connected.orElse(it)))));
      } finally {
        Files.writeString(folder.resolve("sharer.log"), sharer.toString());
        Files.writeString(folder.resolve("traffic.log"), traffic.toString());
      }
    }
  }

  private List<String> receive(String words) {
    List<String> line = new ArrayList<>(List.of("receive", "--no-lan", "--yes", words));
    line.addAll(List.of("--limit-down", rate));
    line.addAll(List.of("-o", output().toString()));
    if (pair.trouble() == Pair.Trouble.SHARER_AWAY) {
      line.addAll(List.of("--timeout", AWAY.multipliedBy(2).toSeconds() + "s"));
    }
    return line;
  }

  /**
   * Waits until it knows as what others see it over QUIC, and if its router opens ports, that it is
   * reached there.
   */
  private void awaitSettled(WarrenProcess sharer) {
    var known =
        Pattern.compile(
            " reachability: .*QUIC=OfTransport\\[verdict="
                + (pair.sharer().opensPorts().isPresent()
                    ? "PUBLIC"
                    : "\\w+, mapping=(?!UNKNOWN)"));
    long begin = System.nanoTime();
    while (!known.matcher(sharer.errors()).find()) {
      if (sharer.endsWithin(LOOK) || System.nanoTime() - begin > Laboratory.PATIENCE.toNanos()) {
        throw new ChaosException("it does not know how it is reached over QUIC\n" + sharer);
      }
    }
  }

  /** Ends it as its user would. Ports that routers have opened, on either side, are closed then. */
  private void end(WarrenProcess sharer) throws IOException {
    sharing.portMapper().ifPresent(PortMapper::awaitOpen);
    sharer.stop();
    Stream.of(sharing, receiving)
        .flatMap(home -> home.portMapper().stream())
        .forEach(PortMapper::requireClosed);
  }

  private static Duration max(Duration time) {
    return time.isNegative() ? Duration.ZERO : time;
  }

  private void makeContent() throws IOException {
    Files.createDirectories(content);
    Files.writeString(content.resolve(FIRST), "first");
    byte[] bytes = new byte[CONTENT_BYTES];
    new Random(1).nextBytes(bytes);
    Files.write(content.resolve(SECOND), bytes);
  }

  private Path output() {
    return folder.resolve("out");
  }

  private Path received(String file) {
    return output().resolve(content.getFileName()).resolve(file);
  }

  private void makeTrouble() {
    troubled = true;
    switch (pair.trouble()) {
      case NONE -> {}
      case SHARER_REBOOTS -> sharing.reboot(REBOOT);
      case RECEIVER_REBOOTS -> receiving.reboot(REBOOT);
      case SHARER_AWAY -> sharing.reboot(AWAY);
      case SHARER_MOVES -> sharing.move();
      case RECEIVER_MOVES -> receiving.move();
    }
  }

  /** Looks at it until it is over; returns whether all has been received. */
  private boolean watch(WarrenProcess receiver, Traffic traffic, long begin) throws IOException {
    boolean over = false;
    while (!over) {
      over = receiver.endsWithin(LOOK);
      var now = Duration.ofNanos(System.nanoTime() - begin);
      if (connected.isEmpty() && receiver.last("path", Duration.ZERO).isPresent()) {
        connected = Optional.of(now);
      }
      if (firstByte.isEmpty() && Files.exists(received(FIRST))) {
        firstByte = Optional.of(now);
      }
      traffic.look();
      if (direct.isEmpty() && traffic.bytes(this::isDirect) > TALK_BYTES) {
        direct = Optional.of(now);
      }
      if (!troubled && traffic.bytes(this::isOurs) > HALF) {
        makeTrouble();
      }
      if (now.compareTo(PATIENCE) > 0) {
        return false;
      }
    }
    Files.writeString(folder.resolve("receiver.log"), receiver.toString());
    return receiver.exitCode() == 0
        && Files.mismatch(received(SECOND), content.resolve(SECOND)) < 0;
  }

  /** In what way it came in the end. */
  private Pair.Route route(Traffic traffic) {
    long tcp = traffic.bytes(flow -> isDirect(flow) && flow.transport() == Transport.TCP);
    long udp = traffic.bytes(flow -> isDirect(flow) && flow.transport() == Transport.UDP);
    if (Math.max(tcp, udp) > SOME) {
      return tcp > udp ? Pair.Route.TCP : Pair.Route.QUIC;
    }
    if (traffic.bytes(this::isOurs) > HALF) {
      return Pair.Route.RELAYED;
    }
    return pair.where() == Pair.Where.APART ? Pair.Route.UNKNOWN : Pair.Route.WITHIN;
  }

  private boolean isOurs(Flow flow) {
    return flow.touches(receiving.attachment()::has);
  }

  private boolean isDirect(Flow flow) {
    return flow.goes(sharing.attachment()::has, receiving.attachment()::has);
  }
}
