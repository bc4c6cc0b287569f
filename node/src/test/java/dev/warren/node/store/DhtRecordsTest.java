package dev.warren.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.record.MemoryRecords;
import dev.warren.libp2p.dht.record.ProviderRecord;
import dev.warren.libp2p.dht.record.RecordStore;
import dev.warren.libp2p.dht.record.RecordStoreContract;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.ValueRecord;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DhtRecordsTest extends RecordStoreContract {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.123Z");
  private static final RecordStore.Limits LIMITS = new RecordStore.Limits(30, 4, 12, 5);

  @TempDir Path directory;

  private final Random random = new Random(5);
  private final Key self = Key.of(Contacts.peer(random));
  private final PeerId peer = Contacts.peer(random);
  private final Target key = Target.of(Contacts.peer(random));
  private final ProviderRecord record =
      new ProviderRecord(
          peer,
          List.of(Multiaddr.parse("/ip4/11.0.0.1/tcp/1"), Multiaddr.parse("/dns4/a.org/tcp/2")),
          NOW);
  private final ValueRecord value = new ValueRecord(Value.of(new byte[10_240]), NOW);

  private final List<DhtRecords> opened = new ArrayList<>();
  private Path file;
  private DhtRecords records;

  @Override
  protected RecordStore store(Key self, RecordStore.Limits limits) throws IOException {
    opened.add(DhtRecords.open(directory.resolve("contract.db"), self, limits));
    return opened.getLast();
  }

  @BeforeEach
  void openOwn() throws IOException {
    file = directory.resolve("dht-test.db");
    records = DhtRecords.open(file, self, LIMITS);
  }

  @AfterEach
  void close() {
    opened.forEach(DhtRecords::close);
    records.close();
  }

  private void reopen(Key who) throws IOException {
    records.close();
    records = DhtRecords.open(file, who, LIMITS);
  }

  @Test
  void whatIsStoredSurvivesTheProcess() throws IOException {
    records.addProvider(key, record);
    records.putValue(key, value);
    reopen(self);
    assertThat(records.providers(key, 10)).containsExactly(record);
    assertThat(records.value(key)).hasValue(value);
    assertThat(records.size()).isEqualTo(new RecordStore.Size(1, 1));
  }

  @Test
  void limitsHoldOverARestart() throws IOException {
    for (int i = 0; i < 12; i++) {
      records.addProvider(Target.of(Contacts.peer(random)), record);
    }
    reopen(self);
    assertThat(records.addProvider(key, record)).isFalse();
    records.deleteExpired(NOW.plus(Duration.ofDays(2)));
    reopen(self);
    assertThat(records.addProvider(key, record)).isTrue();
  }

  @Test
  void anotherNodeKeepsNothingOfThis() throws IOException {
    records.addProvider(key, record);
    records.putValue(key, value);
    reopen(Key.of(peer));
    assertThat(records.size()).isEqualTo(new RecordStore.Size(0, 0));
    assertThat(records.addProvider(key, record)).isTrue();
  }

  @Test
  void aDamagedFileIsMadeAnew() throws IOException {
    records.close();
    Files.writeString(file, "this is no database, and long enough to be taken for one".repeat(99));
    reopen(self);
    assertThat(records.addProvider(key, record)).isTrue();
  }

  @Test
  void oneProcessAtATimeHasIt() {
    assertThatThrownBy(() -> DhtRecords.open(file, self, LIMITS))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void afterTheEndNothingIsKeptAndNothingFound() {
    records.addProvider(key, record);
    records.close();
    assertThat(records.addProvider(key, record)).isFalse();
    assertThat(records.providers(key, 10)).isEmpty();
    assertThat(records.putValue(key, value)).isFalse();
    assertThat(records.value(key)).isEmpty();
    assertThat(records.size()).isEqualTo(new RecordStore.Size(0, 0));
  }

  /** Whatever happens, in whatever order, it is as with the store in memory. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keepsWhatTheOneInMemoryKeeps(long seed) {
    var chance = new Random(seed);
    var memory = new MemoryRecords(self, LIMITS);
    List<Target> keys = Stream.generate(() -> Target.of(Contacts.peer(chance))).limit(15).toList();
    List<PeerId> peers = Stream.generate(() -> Contacts.peer(chance)).limit(8).toList();
    Instant now = NOW;
    for (int i = 0; i < 400; i++) {
      now = now.plus(Duration.ofMinutes(chance.nextInt(1, 60)));
      Target at = keys.get(chance.nextInt(keys.size()));
      switch (chance.nextInt(10)) {
        case 0 -> {
          memory.deleteExpired(now);
          records.deleteExpired(now);
        }
        case 1, 2 -> {
          var some = new ValueRecord(Value.of(new byte[] {(byte) i}), now);
          assertThat(records.putValue(at, some)).isEqualTo(memory.putValue(at, some));
        }
        default -> {
          PeerId who = peers.get(chance.nextInt(peers.size()));
          var some = new ProviderRecord(who, List.of(), now);
          assertThat(records.addProvider(at, some)).isEqualTo(memory.addProvider(at, some));
        }
      }
      assertThat(records.size()).isEqualTo(memory.size());
    }
    for (Target each : keys) {
      assertThat(records.providers(each, 99))
          .containsExactlyInAnyOrderElementsOf(memory.providers(each, 99));
      assertThat(records.value(each)).isEqualTo(memory.value(each));
    }
  }
}
