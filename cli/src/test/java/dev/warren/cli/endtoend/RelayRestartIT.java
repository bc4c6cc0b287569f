package dev.warren.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.AutoRelay;
import dev.warren.libp2p.nat.relay.RelayClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay as a process that is killed, and those who had places there. */
@Timeout(300)
class RelayRestartIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** It takes seconds where nothing else runs; a JVM has to start, and 10 s may pass meanwhile. */
  private static final long BACK_SECONDS = 30;

  @TempDir private Path home;

  @Test
  void whoHadAPlaceHasOneAgainSoonAfterTheRelayWasKilled() throws Exception {
    var changes = new Semaphore(0);
    try (Host hidden = Host.builder().start()) {
      hidden.addListener(
          new HostListener() {
            @Override
            public void addressesChanged() {
              changes.release();
            }
          });
      RelayClient client = RelayClient.attach(hidden);
      Multiaddr address;
      try (WarrenProcess relay = start("/ip4/127.0.0.1/tcp/0")) {
        address = address(relay);
        try (AutoRelay _ =
            AutoRelay.start(
                hidden,
                client,
                () -> true,
                List.of(address),
                () -> {},
                InstantSource.system(),
                new Random(1))) {
          awaitPlaces(client, changes, 1);
          relay.kill();
          awaitPlaces(client, changes, 0);
          try (WarrenProcess again = start(address.withoutPeer().toString())) {
            assertThat(address(again)).isEqualTo(address);
            awaitPlaces(client, changes, 1);
          }
        }
      }
    }
  }

  private static void awaitPlaces(RelayClient client, Semaphore changes, int count)
      throws InterruptedException {
    while (client.places().size() != count) {
      assertThat(changes.tryAcquire(BACK_SECONDS, TimeUnit.SECONDS)).isTrue();
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
