package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multihash;
import dev.warren.libp2p.multiformats.Protocol;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerstoreTest {
  private static final PeerId PEER = peer(-1);
  private static final PeerId OTHER = peer(-2);

  private static final List<Multiaddr> LONG_ADDRESSES =
      IntStream.range(0, 64).mapToObj(PeerstoreTest::longAddress).toList();

  private static final PeerInfo LONG_INFO = info(300);

  private final Set<PeerId> inUse = new HashSet<>();
  private final Peerstore store = new Peerstore(inUse::contains);

  @Test
  void whatThePeerSaysReplacesWhatOthersClaim() {
    store.addAddresses(PEER, addresses("/memory/1", "/memory/2"));
    store.setAddresses(PEER, addresses("/memory/2", "/memory/3"));
    assertThat(store.addresses(PEER)).isEqualTo(addresses("/memory/3", "/memory/2"));
  }

  @Test
  void whatTheUserGaveComesFirstAndIsReplacedByNobody() {
    store.keepAddresses(PEER, addresses("/memory/1"));
    store.setAddresses(PEER, addresses("/memory/1", "/memory/2"));
    store.addAddresses(PEER, addresses("/memory/3"));
    store.setAddresses(PEER, addresses("/memory/4"));
    assertThat(store.addresses(PEER)).isEqualTo(addresses("/memory/1", "/memory/4"));
    store.keepAddresses(PEER, addresses("/memory/4"));
    assertThat(store.addresses(PEER)).isEqualTo(addresses("/memory/4", "/memory/1"));
  }

  @Test
  void whatIsForgottenIsGoneAndTheRestStays() {
    store.keepAddresses(PEER, addresses("/memory/1"));
    store.addAddresses(OTHER, addresses("/memory/2"));
    store.forget(PEER);
    store.forget(PEER);
    assertThat(store.addresses(PEER)).isEmpty();
    assertThat(store.peers()).containsExactly(OTHER);
  }

  @Test
  void addressesAreKeptWithoutThePeerAndThoseOfOtherPeersNotAtAll() {
    store.addAddresses(PEER, addresses("/memory/1/p2p/" + PEER, "/memory/2/p2p/" + OTHER));
    store.keepAddresses(PEER, addresses("/memory/3/p2p/" + OTHER));
    store.addAddresses(PEER, addresses("/p2p/" + PEER));
    assertThat(store.addresses(PEER)).isEqualTo(addresses("/memory/1"));
  }

  @Test
  void theOldestAddressesOfAPeerAreForgottenFirst() {
    for (int i = 0; i < 100; i++) {
      store.addAddresses(PEER, addresses("/memory/" + i));
      store.keepAddresses(OTHER, addresses("/memory/" + i));
    }
    assertThat(store.addresses(PEER))
        .hasSize(KnownPeer.MAX_CLAIMED)
        .startsWith(Multiaddr.parse("/memory/99"));
    assertThat(store.addresses(OTHER))
        .hasSize(KnownPeer.MAX_KEPT)
        .startsWith(Multiaddr.parse("/memory/99"));
  }

  @Test
  void longAddressesAreFewAndThoseThatAreKeptStayLongest() {
    store.keepAddresses(PEER, addresses("/memory/1"));
    for (int i = 0; i < 64; i++) {
      store.addAddresses(PEER, List.of(longAddress(i)));
    }
    assertThat(store.addresses(PEER))
        .hasSizeBetween(10, 20)
        .startsWith(Multiaddr.parse("/memory/1"));
    for (int i = 0; i < 64; i++) {
      store.keepAddresses(PEER, List.of(longAddress(i)));
    }
    assertThat(store.addresses(PEER))
        .hasSizeBetween(10, 20)
        .doesNotContain(Multiaddr.parse("/memory/1"));
  }

  @Test
  void ofTooManyProtocolsSomeAreKept() {
    store.setInfo(PEER, info(10_000));
    assertThat(store.info(PEER).orElseThrow().protocols()).hasSizeBetween(100, 1_000);
    assertThat(store.info(PEER).orElseThrow().agent()).isEqualTo("agent");
  }

  @Test
  void ofTooManyPeersThoseLongestNotAskedForAreForgotten() {
    store.addAddresses(PEER, addresses("/memory/1"));
    store.addAddresses(OTHER, addresses("/memory/1"));
    for (int i = 0; i < Peerstore.MAX_PEERS; i++) {
      assertThat(store.addresses(PEER)).isNotEmpty();
      store.addAddresses(peer(i), addresses("/memory/1"));
    }
    assertThat(store.peers()).hasSize(Peerstore.MAX_PEERS).contains(PEER).doesNotContain(OTHER);
  }

  @Test
  void aFloodOfPeersThatSayMuchIsBoundedInBytes() {
    for (int i = 0; i < 1_000; i++) {
      say(peer(i));
    }
    // Each takes less than 64 KiB, and nearly that.
    assertThat(store.peers()).hasSizeBetween(512, 600).contains(peer(999));
  }

  @Test
  void whatIsForgottenMakesRoom() {
    for (int round = 0; round < 2_000; round++) {
      say(PEER);
      store.setInfo(PEER, info(0));
      store.setAddresses(PEER, List.of());
    }
    store.addAddresses(OTHER, addresses("/memory/1"));
    assertThat(store.peers()).containsExactlyInAnyOrder(PEER, OTHER);
  }

  @Test
  void peersInUseAreForgottenLast() {
    inUse.add(PEER);
    store.addAddresses(PEER, addresses("/memory/1"));
    for (int i = 0; i < 1_000; i++) {
      say(peer(i));
    }
    assertThat(store.addresses(PEER)).isNotEmpty();
    inUse.addAll(store.peers());
    say(OTHER);
    assertThat(store.peers()).as("the one that nobody uses").doesNotContain(OTHER);
  }

  @Test
  void theBoundHoldsAlsoWhenAllPeersAreInUse() {
    for (int i = 0; i < 1_000; i++) {
      inUse.add(peer(i));
      say(peer(i));
    }
    assertThat(store.peers()).hasSizeLessThan(600).contains(peer(999)).doesNotContain(peer(0));
  }

  /** The peer fills what there is for it. */
  private void say(PeerId peer) {
    store.setInfo(peer, LONG_INFO);
    store.setAddresses(peer, LONG_ADDRESSES);
  }

  private static Multiaddr longAddress(int number) {
    return Multiaddr.EMPTY.with(Protocol.UNIX, "/" + "x".repeat(2_000) + number);
  }

  private static PeerInfo info(int protocols) {
    return new PeerInfo(
        "agent",
        "version",
        IntStream.range(0, protocols).mapToObj(i -> "/protocol/" + i).collect(Collectors.toSet()));
  }

  private static List<Multiaddr> addresses(String... texts) {
    return Arrays.stream(texts).map(Multiaddr::parse).toList();
  }

  private static PeerId peer(int number) {
    byte[] digest = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    return PeerId.fromBytes(Multihash.sha256(digest).toBytes());
  }
}
