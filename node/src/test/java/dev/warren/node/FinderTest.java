package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.protocols.admission.Admitted;
import dev.warren.protocols.admission.WordAdmission;
import dev.warren.protocols.admission.WordShare;
import dev.warren.sharecodes.LegacyCode;
import dev.warren.sharecodes.ShareCode;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import dev.warren.sharecodes.Ticket;
import dev.warren.sharecodes.WordCode;
import dev.warren.sharecodes.pake.CodeGuard;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FinderTest {
  private static final WordCode WORDS = new WordCode(4821, "otter", "violet", "canoe");
  private static final WordCode MISHEARD = new WordCode(4821, "otter", "acorn", "canoe");
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Multiaddr NOWHERE = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");

  private final SecureRandom random = new SecureRandom();
  private final Admitted admitted =
      new Admitted(ShareId.generate(random), ShareKey.generate(random));
  private final MemoryRendezvous place = new MemoryRendezvous();
  private final Ways ways = new Ways(List.of(), _ -> {});
  private final Cancellation cancellation = new Cancellation();
  private Host sharer;
  private Host receiver;

  @BeforeEach
  void start() throws IOException {
    sharer = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
    receiver = Host.builder().start();
  }

  @AfterEach
  void close() {
    receiver.close();
    sharer.close();
  }

  @Test
  void wordsLeadToTheOneWhoAnnouncedThem() throws Exception {
    serve(sharer, WORDS);
    place.door(sharer).announce(WORDS.rendezvousKey(), _ -> {});
    Found found = find(WORDS, List.of(), LONG);
    assertThat(found.sharer().peerId()).isEqualTo(sharer.peerId());
    assertThat(found.share()).isEqualTo(admitted.share());
    assertThat(found.key()).isEqualTo(admitted.key());
    assertThat(found.path()).isEqualTo("direct, this computer");
    assertThat(ways.all()).containsExactly(new Way("memory", Way.State.FOUND, ""));
  }

  @Test
  void wordsAreFoundByWhoComesLater() throws Exception {
    serve(sharer, WORDS);
    var looking = new CountDownLatch(1);
    Ways told = new Ways(List.of(), _ -> looking.countDown());
    Thread late =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    looking.await();
                    place.door(sharer).announce(WORDS.rendezvousKey(), _ -> {});
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    assertThat(
            Finder.find(
                    receiver,
                    WORDS,
                    List.of(),
                    List.of(place.door(receiver)),
                    LONG,
                    told,
                    cancellation)
                .share())
        .isEqualTo(admitted.share());
    late.join();
  }

  @Test
  void oneWhoHasOtherWordsUnderTheSameKeyDoesNotEndTheSearch() throws Exception {
    try (Host other = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start()) {
      serve(other, MISHEARD);
      serve(sharer, WORDS);
      place.door(other).announce(WORDS.rendezvousKey(), _ -> {});
      place.door(sharer).announce(WORDS.rendezvousKey(), _ -> {});
      assertThat(find(WORDS, List.of(), LONG).sharer().peerId()).isEqualTo(sharer.peerId());
    }
  }

  @Test
  void wrongWordsAreToldSoonWhenNobodyElseCanBeFound() {
    serve(sharer, MISHEARD);
    assertThatThrownBy(() -> find(WORDS, sharer.addressesWithPeer(), LONG, List.of()))
        .isInstanceOfSatisfying(
            NotAllowedException.class,
            e -> assertThat(e.reason()).isEqualTo(NotAllowedException.Reason.WRONG_WORDS));
    assertThat(ways.all().getFirst().state()).isEqualTo(Way.State.FAILED);
  }

  @Test
  void wordsThatArePastAreNotFound() {
    WordAdmission.serve(sharer, _ -> Optional.empty());
    assertThatThrownBy(() -> find(WORDS, sharer.addressesWithPeer(), LONG, List.of()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("shares nothing");
  }

  @Test
  void whoeverIsAtAnAddressGivenByHandIsAskedForTheWords() throws Exception {
    serve(sharer, WORDS);
    assertThat(find(WORDS, sharer.addresses(), LONG).share()).isEqualTo(admitted.share());
  }

  @Test
  void aTicketLeadsToItsPeer() throws Exception {
    Found found = find(ticket(sharer.addresses()), List.of(), LONG);
    assertThat(found.sharer().peerId()).isEqualTo(sharer.peerId());
    assertThat(found.key()).isEqualTo(admitted.key());
  }

  @Test
  void aTicketWhoseAddressesAreOldIsFoundElsewhere() throws Exception {
    place.door(sharer).announce(new byte[32], _ -> {});
    find(ticket(List.of(NOWHERE)), List.of(), LONG);
    assertThat(ways.all()).contains(new Way("memory", Way.State.FOUND, ""));
  }

  @Test
  void aTicketIsNotTakenToAnotherPeer() throws Exception {
    PrivateKey other = PrivateKey.generate(KeyType.ED25519);
    Ticket forged =
        Ticket.ofUsable(other.peerId(), sharer.addresses(), admitted.key(), admitted.share());
    assertThatThrownBy(() -> find(forged, List.of(), Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            NotAllowedException.class,
            e -> assertThat(e.reason()).isEqualTo(NotAllowedException.Reason.ANOTHER_PEER));
  }

  @Test
  void aLegacyCodeLeadsToWhoeverIsAtItsAddress() throws Exception {
    var code = new LegacyCode(admitted.share(), admitted.key(), sharer.addresses().getFirst());
    assertThat(find(code, List.of(), LONG).sharer().peerId()).isEqualTo(sharer.peerId());
  }

  @Test
  void whoIsNotFoundInTimeIsNotWaitedForAnyLonger() {
    assertThatThrownBy(() -> find(WORDS, List.of(), Duration.ofMillis(50)))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            e -> assertThat(e.ways()).containsExactly(new Way("memory", Way.State.LOOKING, "")));
  }

  @Test
  void aSearchCanBeEnded() {
    cancellation.cancel("enough");
    assertThatThrownBy(() -> find(WORDS, List.of(), LONG)).hasMessageContaining("enough");
  }

  private void serve(Host host, WordCode words) {
    var share = new WordShare(words, new CodeGuard(System::nanoTime), admitted);
    WordAdmission.serve(
        host,
        key -> Arrays.equals(key, words.rendezvousKey()) ? Optional.of(share) : Optional.empty());
  }

  private Ticket ticket(List<Multiaddr> addresses) {
    return new Ticket(sharer.peerId(), addresses, admitted.key(), admitted.share());
  }

  private Found find(ShareCode code, List<Multiaddr> peers, Duration timeout) throws Exception {
    return find(code, peers, timeout, List.of(place.door(receiver)));
  }

  private Found find(
      ShareCode code, List<Multiaddr> peers, Duration timeout, List<Rendezvous> places)
      throws Exception {
    return Finder.find(receiver, code, peers, places, timeout, ways, cancellation);
  }
}
