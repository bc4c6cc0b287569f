package dev.warren.protocols.transfer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.pb.TransferMessages.Announce;
import dev.warren.protocols.transfer.pb.TransferMessages.Follow;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Have;
import dev.warren.protocols.transfer.pb.TransferMessages.Peers;
import dev.warren.protocols.transfer.pb.TransferMessages.SegmentMessage;
import dev.warren.protocols.transfer.pb.TransferMessages.Want;
import dev.warren.protocols.transfer.session.FollowEvent.Grown;
import dev.warren.protocols.transfer.session.FollowEvent.Holds;
import dev.warren.protocols.transfer.session.FollowEvent.HoldsEverything;
import dev.warren.protocols.transfer.session.FollowEvent.Seed;
import dev.warren.protocols.transfer.session.FollowEvent.Seeds;
import dev.warren.protocols.transfer.session.FollowRequest.From;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CodecTest {
  private static final int LAST = TransferProtocol.MAX_CHUNKS - 1;
  private static final PeerId PEER = PrivateKey.generate(KeyType.ED25519).peerId();
  private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

  @Property
  void wantedChunksComeBackInOrder(
      @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 0, max = LAST) Integer> wanted)
      throws IOException {
    int[] ordinals = wanted.stream().mapToInt(Integer::intValue).toArray();

    assertThat(WantCodec.decode(WantCodec.encode(ordinals).getWant())).isEqualTo(ordinals);
  }

  @Test
  void requestsBeyondAllBoundsAreRefused() {
    assertRefused(() -> WantCodec.decode(want()));
    assertRefused(() -> WantCodec.decode(want(-1)));
    assertRefused(() -> WantCodec.decode(want(LAST, 1)));
    assertRefused(() -> WantCodec.decode(want(LAST, Integer.MAX_VALUE)));
    assertRefused(
        () ->
            WantCodec.decode(
                Want.newBuilder()
                    .addAllDeltas(Collections.nCopies(TransferProtocol.MAX_WANTED + 1, 0))
                    .build()));
  }

  @Property
  void heldChunksComeBack(@ForAll Set<@IntRange(min = 0, max = 100_000) Integer> ordinals)
      throws IOException {
    BitSet chunks = new BitSet();
    ordinals.forEach(chunks::set);

    assertThat(FollowCodec.decode(FollowCodec.encode(new Holds(chunks))))
        .isEqualTo(new Holds(chunks));
  }

  @Test
  void whatIsHeldIsSaidInTheShorterWay() {
    BitSet run = new BitSet();
    run.set(0, 1_000_000);
    BitSet scattered = new BitSet();
    for (int i = 0; i < 1_000_000; i += 2) {
      scattered.set(i);
    }

    assertThat(FollowCodec.encode(new Holds(run)).getSerializedSize()).isLessThan(20);
    assertThat(FollowCodec.encode(new Holds(scattered)).getSerializedSize())
        .isBetween(125_000, 125_020);
  }

  @Test
  void eventsComeBackAsTheyWere() throws IOException {
    var seed = new Seed(PEER, List.of(ADDRESS), new byte[] {1, 2});
    var segment = new SignedSegment(7, new byte[] {1}, new byte[] {2, 3});

    assertThat(FollowCodec.decode(FollowCodec.encode(new HoldsEverything())))
        .isEqualTo(new HoldsEverything());
    assertThat(FollowCodec.decode(FollowCodec.encode(new Seeds(List.of(seed)))))
        .usingRecursiveComparison()
        .isEqualTo(new Seeds(List.of(seed)));
    assertThat(FollowCodec.decode(FollowCodec.encode(new Grown(segment))))
        .usingRecursiveComparison()
        .isEqualTo(new Grown(segment));
  }

  @Test
  void requestsComeBackAsTheyWere() throws IOException {
    var announcement = new Announcement(true, List.of(ADDRESS), new byte[] {4});

    assertThat(FollowCodec.decode(FollowCodec.encode(new From(Long.MAX_VALUE))))
        .isEqualTo(new From(Long.MAX_VALUE));
    assertThat(FollowCodec.decode(FollowCodec.encode(new Receipt(1, 2, 3, true))))
        .isEqualTo(new Receipt(1, 2, 3, true));
    assertThat(FollowCodec.decode(FollowCodec.encode(announcement)))
        .usingRecursiveComparison()
        .isEqualTo(announcement);
  }

  @Test
  void addressesOfUnknownKindsAreLeftOut() throws IOException {
    var message =
        FromReceiver.newBuilder()
            .setAnnounce(
                Announce.newBuilder()
                    .addAddresses(ByteString.copyFrom(new byte[] {1, 2, 3}))
                    .addAddresses(ByteString.copyFrom(ADDRESS.toBytes())))
            .build();

    assertThat(((Announcement) FollowCodec.decode(message)).addresses()).containsExactly(ADDRESS);
  }

  @Test
  void eventsBeyondAllBoundsAreRefused() {
    assertRefused(segment(SegmentMessage.newBuilder().setIndex(-1)));
    assertRefused(segment(SegmentMessage.newBuilder().setBody(bytes(256 * 1024 + 1))));
    assertRefused(segment(SegmentMessage.newBuilder().setSignature(bytes(2049))));
    assertRefused(have(Have.newBuilder().addRanges(1)));
    assertRefused(have(Have.newBuilder().addRanges(1).addRanges(0)));
    assertRefused(have(Have.newBuilder().addRanges(LAST).addRanges(2)));
    assertRefused(have(Have.newBuilder().addRanges(-1).addRanges(1)));
    assertRefused(have(Have.newBuilder().addRanges(1).addRanges(-1)));
    assertRefused(have(Have.newBuilder().setBitmap(bytes((8 << 20) + 1))));
    assertRefused(peers(Peers.newBuilder().addSeeds(Peers.Seed.newBuilder())));
    assertRefused(peers(Peers.newBuilder().addAllSeeds(Collections.nCopies(51, seed().build()))));
    assertRefused(peers(Peers.newBuilder().addSeeds(seed().setSummary(bytes(4097)))));
    assertRefused(
        peers(
            Peers.newBuilder()
                .addSeeds(seed().addAllAddresses(Collections.nCopies(17, bytes(1))))));
    assertRefused(peers(Peers.newBuilder().addSeeds(seed().addAddresses(bytes(257)))));
  }

  @Test
  void followingFromBeyondAllBoundsIsRefused() {
    assertRefused(
        () ->
            FollowCodec.decode(
                FromReceiver.newBuilder()
                    .setFollow(Follow.newBuilder().setFromSegment(-1))
                    .build()));
    assertRefused(() -> FollowCodec.decode(FollowCodec.encode(new Receipt(-1, 0, 0, false))));
  }

  @Test
  void foreignTextIsMadeFitToBeShown() {
    assertThat(Refusals.printable("a\u001b[2Jb\n\u202e" + "x".repeat(500)))
        .startsWith("a?[2Jb??x")
        .hasSize(256);
  }

  private static Want want(int... deltas) {
    var want = Want.newBuilder();
    for (int delta : deltas) {
      want.addDeltas(delta);
    }
    return want.build();
  }

  private static ByteString bytes(int length) {
    return ByteString.copyFrom(new byte[length]);
  }

  private static Peers.Seed.Builder seed() {
    return Peers.Seed.newBuilder().setPeer(ByteString.copyFrom(PEER.toBytes()));
  }

  private static FromSource segment(SegmentMessage.Builder segment) {
    return FromSource.newBuilder().setSegment(segment).build();
  }

  private static FromSource have(Have.Builder have) {
    return FromSource.newBuilder().setHave(have).build();
  }

  private static FromSource peers(Peers.Builder peers) {
    return FromSource.newBuilder().setPeers(peers).build();
  }

  private static void assertRefused(FromSource message) {
    assertRefused(() -> FollowCodec.decode(message));
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(SessionException.class).isThrownBy(call);
  }
}
