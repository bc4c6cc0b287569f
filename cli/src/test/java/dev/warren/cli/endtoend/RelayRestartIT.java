package dev.warren.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.AutoRelay;
import dev.warren.libp2p.nat.relay.RelayClient;
import dev.warren.libp2p.nat.relay.Reservation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay as a process that is killed, and those who had places there. */
@Timeout(300)
class RelayRestartIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** From the moment at which the relay listens again. */
  private static final Duration BACK = Duration.ofSeconds(10);

  @TempDir private Path home;

  private final Semaphore changes = new Semaphore(0);

  /** TCP tells at once that the relay is gone; over QUIC it is silent until it is there again. */
  @ParameterizedTest
  @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"})
  void whoHadAPlaceIsBackWithinTenSecondsOfTheRestartOfAKilledRelay(String listen)
      throws Exception {
    try (Host hidden = Host.builder().quic().start()) {
      hidden.addListener(
          new HostListener() {
            @Override
            public void addressesChanged() {
              changes.release();
            }
          });
      RelayClient client = RelayClient.attach(hidden);
      Multiaddr address;
      try (WarrenProcess relay = start(listen)) {
        address = address(relay);
        try (AutoRelay _ = AutoRelay.builder(hidden, client).relays(List.of(address)).start()) {
          Reservation lost = awaitPlaceOtherThan(Optional.empty(), client, PATIENCE);
          relay.kill();
          try (WarrenProcess again = start(address.withoutPeer().toString())) {
            assertThat(address(again)).isEqualTo(address);
            awaitPlaceOtherThan(Optional.of(lost), client, BACK);
          }
        }
      }
    }
  }

  private Reservation awaitPlaceOtherThan(
      Optional<Reservation> lost, RelayClient client, Duration patience)
      throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      Optional<Reservation> place = client.places().stream().findFirst();
      if (place.isPresent() && !place.equals(lost)) {
        return place.get();
      }
      long left = patience.toNanos() - (System.nanoTime() - begin);
      assertThat(changes.tryAcquire(left, TimeUnit.NANOSECONDS)).as("back in time").isTrue();
    }
  }

  private static Multiaddr address(WarrenProcess relay) {
    JsonObject listening = relay.await(PATIENCE, "listening");
    return Multiaddr.parse(listening.getAsJsonArray("addresses").get(0).getAsString());
  }

  private WarrenProcess start(String listen) throws Exception {
    return WarrenProcess.start(
        List.of(),
        home,
        List.of(
            "relay",
            "--json",
            "--network",
            "lan",
            "--status",
            "off",
            "--listen",
            listen,
            "--data-dir",
            home.resolve("relay").toString()));
  }
}
