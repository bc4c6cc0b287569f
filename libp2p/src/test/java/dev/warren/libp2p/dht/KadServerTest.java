package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.record.MemoryRecords;
import dev.warren.libp2p.dht.record.ProviderRecord;
import dev.warren.libp2p.dht.record.RecordStore;
import dev.warren.libp2p.dht.record.Validators;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.WarrenRecord;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.RoutingTable;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KadServerTest {
  private static final String PUBLIC = "/ip4/11.0.0.1/tcp/4001";
  private static final String PRIVATE = "/ip4/192.168.0.1/tcp/4001";
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final Random random = new Random(5);
  private final Contact self = Contacts.random(random, PUBLIC);
  private final Contact asker = Contacts.random(random, PUBLIC);
  private final Target key = Target.of(new byte[] {1, 2, 3});
  private final List<Contact> others = new ArrayList<>();
  private final Map<PeerId, List<Multiaddr>> addressBook = new HashMap<>();
  private Instant now = START;

  private final Table table = new Table(new RoutingTable(self.key(), RoutingTable.Settings.PLAIN));
  private final MemoryRecords records =
      new MemoryRecords(self.key(), new RecordStore.Limits(100, 10, 50, 10));
  private final KadServer server =
      new KadServer(
          table,
          records,
          Validators.warren(() -> now),
          Reach.PUBLIC,
          () -> now,
          peer -> addressBook.getOrDefault(peer, List.of()));

  @BeforeEach
  void fillTable() {
    for (int i = 0; i < 40; i++) {
      Contact contact = Contacts.random(random, PUBLIC);
      others.add(contact);
      table.tell(contacts -> contacts.answered(contact, 1));
    }
    table.tell(contacts -> contacts.answered(asker, 1));
    addressBook.put(self.peer(), self.addresses());
  }

  @Test
  void namesTheNearestButNotTheAskerItself() throws IOException {
    Response response = answer(new Request.FindNode(Target.of(asker.peer())));
    assertThat(response.closer()).hasSize(20).doesNotContain(asker);
  }

  @Test
  void namesAPeerThatIsAskedForEvenIfItIsAClient() throws IOException {
    Contact client = Contacts.random(random, PRIVATE);
    addressBook.put(client.peer(), client.addresses());
    assertThat(answer(new Request.FindNode(Target.of(client.peer()))).closer().getFirst())
        .isEqualTo(client);
    assertThat(answer(new Request.FindNode(Target.of(self.peer()))).closer().getFirst())
        .isEqualTo(self);
  }

  @Test
  void anyBytesCanBeLookedFor() throws IOException {
    assertThat(answer(new Request.FindNode(key)).closer()).hasSize(20);
  }

  @Test
  void keepsProvidersWithTheirPublicAddresses() throws IOException {
    Contact provider = Contacts.random(random, PUBLIC, PRIVATE);
    assertThat(server.answer(provider.peer(), new Request.AddProvider(key, List.of(provider))))
        .isEmpty();
    Response response = answer(new Request.GetProviders(key));
    assertThat(response.providers()).containsExactly(provider.at(List.of(Multiaddr.parse(PUBLIC))));
    assertThat(response.closer()).hasSize(20);
  }

  @Test
  void nobodySpeaksForSomebodyElse() {
    Contact other = Contacts.random(random, PUBLIC);
    assertThatThrownBy(() -> answer(new Request.AddProvider(key, List.of(other))))
        .isInstanceOf(RequestRefusedException.class);
    assertThat(records.providers(key, 10)).isEmpty();
  }

  @Test
  void aProviderWithoutAddressesIsRefused() {
    assertThatThrownBy(() -> answer(new Request.AddProvider(key, List.of(asker.at(List.of())))))
        .isInstanceOf(RequestRefusedException.class);
  }

  @Test
  void keysOfProvidersHaveAnEnd() {
    Target tooLong = Target.of(new byte[81]);
    for (Request request :
        List.of(
            new Request.AddProvider(tooLong, List.of(asker)), new Request.GetProviders(tooLong))) {
      assertThatThrownBy(() -> answer(request)).isInstanceOf(RequestRefusedException.class);
    }
  }

  @Test
  void providersAreForgotten() throws IOException {
    answer(new Request.AddProvider(key, List.of(asker)));
    now = START.plus(ProviderRecord.ADDRESS_VALIDITY);
    assertThat(answer(new Request.GetProviders(key)).providers())
        .containsExactly(asker.at(List.of()));
    now = START.plus(ProviderRecord.VALIDITY);
    assertThat(answer(new Request.GetProviders(key)).providers()).isEmpty();
  }

  @Test
  void valuesProveThemselvesAndTheNewestStays() throws IOException {
    PrivateKey owner = PrivateKey.generate(KeyType.ED25519);
    Target place = WarrenRecord.key(owner.peerId(), "n");
    Value first = value(owner, 1);
    Value second = value(owner, 2);
    assertThat(answer(new Request.PutValue(place, second)).value()).hasValue(second);
    assertThatThrownBy(() -> answer(new Request.PutValue(place, first)))
        .isInstanceOf(RequestRefusedException.class);
    assertThat(answer(new Request.GetValue(place)).value()).hasValue(second);
    now = START.plus(Duration.ofDays(2));
    assertThat(answer(new Request.GetValue(place)).value()).isEmpty();
  }

  @Test
  void unknownNamespacesAreRefused() {
    Target place = Target.ofValue("other", new byte[] {1});
    for (Request request :
        List.of(
            new Request.PutValue(place, Value.of(new byte[] {1})), new Request.GetValue(place))) {
      assertThatThrownBy(() -> answer(request)).isInstanceOf(IOException.class);
    }
    assertThat(records.size().values()).isZero();
  }

  @Test
  void aPingIsAnswered() throws IOException {
    assertThat(answer(new Request.Ping())).isEqualTo(Response.EMPTY);
  }

  @Test
  void whoAsksTooMuchHasToWait() {
    var allowances = new Allowances();
    int taken = 0;
    while (allowances.take(asker.peer(), Allowances.ASK, 0)) {
      taken++;
    }
    assertThat(taken).isEqualTo(2_000);
    assertThat(allowances.take(self.peer(), Allowances.ASK, 0)).isTrue();
    assertThat(allowances.take(asker.peer(), Allowances.ASK, 5_000_000)).isTrue();
    assertThat(allowances.take(asker.peer(), Allowances.ASK, 5_000_000)).isFalse();
    assertThat(allowances.take(asker.peer(), Allowances.STORE_VALUE, 50_000_000)).isFalse();
    assertThat(allowances.take(asker.peer(), Allowances.STORE_VALUE, 200_000_000)).isTrue();
  }

  private Response answer(Request request) throws IOException {
    Optional<Response> response = server.answer(asker.peer(), request);
    return response.orElse(Response.EMPTY);
  }

  private static Value value(PrivateKey owner, long sequence) {
    var value = Value.of(new byte[] {1});
    return new WarrenRecord(owner.peerId(), "n", sequence, START.plusSeconds(1_000_000), value)
        .seal(owner);
  }
}
