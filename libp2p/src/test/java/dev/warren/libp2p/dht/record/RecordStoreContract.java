package dev.warren.libp2p.dht.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store keeps to, in memory or on disk. */
public abstract class RecordStoreContract {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Value VALUE = Value.of(new byte[] {1});

  private final Random random = new Random(11);
  private final Key self = Key.of(Contacts.peer(random));
  private final PeerId peer = Contacts.peer(random);

  private RecordStore records;

  /** A store of the node with this key, empty. */
  protected abstract RecordStore store(Key self, RecordStore.Limits limits) throws Exception;

  @BeforeEach
  void open() throws Exception {
    records = store(self, new RecordStore.Limits(10, 3, 5, 4));
  }

  @Test
  void aProviderIsThereOnceHoweverOftenItSaysSo() {
    Target key = keys(1).getFirst();
    assertThat(records.addProvider(key, record(peer, NOW))).isTrue();
    assertThat(records.addProvider(key, record(peer, NOW.plusSeconds(1)))).isTrue();
    assertThat(records.providers(key, 10)).containsExactly(record(peer, NOW.plusSeconds(1)));
    assertThat(records.size()).isEqualTo(new RecordStore.Size(1, 0));
  }

  @Test
  void whoSaidSoLongestAgoGivesWay() {
    Target key = keys(1).getFirst();
    List<ProviderRecord> all =
        Stream.iterate(NOW, at -> at.plusSeconds(1))
            .limit(4)
            .map(at -> record(Contacts.peer(random), at))
            .toList();
    all.forEach(record -> records.addProvider(key, record));
    assertThat(records.providers(key, 10)).containsExactlyInAnyOrderElementsOf(all.subList(1, 4));
    assertThat(records.providers(key, 2)).hasSize(2);
  }

  @Test
  void onePeerCannotFillTheStore() {
    List<Target> keys = keys(6);
    keys.subList(0, 5).forEach(key -> records.addProvider(key, record(peer, NOW)));
    assertThat(records.addProvider(keys.get(5), record(peer, NOW))).isFalse();
    assertThat(records.providers(keys.get(5), 10)).isEmpty();
    // Saying again what it has said already takes no room.
    assertThat(records.addProvider(keys.get(0), record(peer, NOW))).isTrue();
    assertThat(records.size().providers()).isEqualTo(5);
  }

  @Test
  void aFloodTakesNothingFromTheKeysThatAreNear() {
    List<Target> keys =
        keys(200).stream()
            .sorted(Comparator.comparing(Target::key, self::compareDistances))
            .toList();
    keys.subList(0, 10)
        .forEach(key -> records.addProvider(key, record(Contacts.peer(random), NOW)));
    for (Target key : keys.subList(10, 200)) {
      assertThat(records.addProvider(key, record(Contacts.peer(random), NOW))).isFalse();
    }
    for (Target key : keys.subList(0, 10)) {
      assertThat(records.providers(key, 10)).hasSize(1);
    }
    assertThat(records.size().providers()).isEqualTo(10);
  }

  @Test
  void valuesGiveWayToNearerOnes() {
    List<Target> keys =
        keys(6).stream().sorted(Comparator.comparing(Target::key, self::compareDistances)).toList();
    for (Target key : keys.reversed()) {
      assertThat(records.putValue(key, new ValueRecord(VALUE, NOW))).isTrue();
    }
    assertThat(records.value(keys.get(5))).isEmpty();
    assertThat(records.value(keys.get(0))).hasValue(new ValueRecord(VALUE, NOW));
    assertThat(records.putValue(keys.get(5), new ValueRecord(VALUE, NOW))).isFalse();
    assertThat(records.size().values()).isEqualTo(4);
  }

  @Test
  void whatHasExpiredIsDeletedAndLeavesRoom() {
    List<Target> keys = keys(6);
    keys.subList(0, 5).forEach(key -> records.addProvider(key, record(peer, NOW)));
    records.putValue(keys.get(0), new ValueRecord(VALUE, NOW));
    records.deleteExpired(NOW.plus(Duration.ofHours(47)));
    assertThat(records.size()).isEqualTo(new RecordStore.Size(5, 1));
    records.deleteExpired(NOW.plus(Duration.ofDays(2)));
    assertThat(records.size()).isEqualTo(new RecordStore.Size(0, 0));
    assertThat(records.addProvider(keys.get(5), record(peer, NOW))).isTrue();
  }

  @Test
  void aProviderThatIsHeardAgainIsTheLastToGiveWay() {
    Target key = keys(1).getFirst();
    List<PeerId> peers = Stream.generate(() -> Contacts.peer(random)).limit(4).toList();
    for (int i = 0; i < 3; i++) {
      records.addProvider(key, record(peers.get(i), NOW.plusSeconds(i)));
    }
    records.addProvider(key, record(peers.get(0), NOW.plusSeconds(3)));
    records.addProvider(key, record(peers.get(3), NOW.plusSeconds(4)));
    assertThat(records.providers(key, 10))
        .extracting(ProviderRecord::peer)
        .containsExactlyInAnyOrder(peers.get(0), peers.get(2), peers.get(3));
  }

  @Test
  void aFullStoreTakesANearerRecordForTheFarthest() {
    List<Target> keys =
        keys(11).stream()
            .sorted(Comparator.comparing(Target::key, self::compareDistances))
            .toList();
    for (Target key : keys.reversed()) {
      assertThat(records.addProvider(key, record(Contacts.peer(random), NOW))).isTrue();
    }
    assertThat(records.providers(keys.get(10), 10)).isEmpty();
    assertThat(records.providers(keys.get(9), 10)).hasSize(1);
    assertThat(records.size().providers()).isEqualTo(10);
  }

  @Test
  void whatGaveWayCountsForItsPeerNoLonger() {
    List<Target> keys = keys(5);
    for (Target key : keys) {
      records.addProvider(key, record(peer, NOW));
    }
    for (int i = 1; i <= 3; i++) { // until the peer's record of this key has given way
      records.addProvider(keys.get(0), record(Contacts.peer(random), NOW.plusSeconds(i)));
    }
    assertThat(records.addProvider(keys(1).getFirst(), record(peer, NOW))).isTrue();
  }

  private List<Target> keys(int count) {
    return Stream.generate(() -> Target.of(Contacts.peer(random))).limit(count).toList();
  }

  private static ProviderRecord record(PeerId peer, Instant added) {
    return new ProviderRecord(peer, List.of(Multiaddr.parse("/ip4/11.0.0.1/tcp/1")), added);
  }
}
