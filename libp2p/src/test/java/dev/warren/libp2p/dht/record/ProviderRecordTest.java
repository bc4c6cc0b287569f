package dev.warren.libp2p.dht.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProviderRecordTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final PeerId peer = Contacts.peer(new Random(11));

  @Test
  void addressesAreForgottenBeforeTheProvider() {
    var record = new ProviderRecord(peer, List.of(Multiaddr.parse("/ip4/11.0.0.1/tcp/1")), NOW);
    assertThat(record.addresses(NOW.plus(Duration.ofHours(23)))).isNotEmpty();
    assertThat(record.addresses(NOW.plus(Duration.ofHours(24)))).isEmpty();
    assertThat(record.isValid(NOW.plus(Duration.ofHours(47)))).isTrue();
    assertThat(record.isValid(NOW.plus(Duration.ofDays(2)))).isFalse();
  }

  @Test
  void ofTooManyAddressesThoseThatFitAreKept() {
    Multiaddr huge = Multiaddr.parse("/dns4/" + "a.".repeat(300) + "org/tcp/1");
    List<Multiaddr> many =
        IntStream.range(0, 100).mapToObj(i -> Multiaddr.parse("/ip4/11.0.0.1/tcp/" + i)).toList();
    List<Multiaddr> all = Stream.concat(Stream.of(huge), many.stream()).toList();
    List<Multiaddr> kept = new ProviderRecord(peer, all, NOW).addresses();
    assertThat(kept).doesNotContain(huge).isEqualTo(many.subList(0, 64)); // of 8 bytes each
  }
}
