package dev.warren.protocols.transfer.session;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.pb.TransferMessages.Announce;
import dev.warren.protocols.transfer.pb.TransferMessages.Follow;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Have;
import dev.warren.protocols.transfer.pb.TransferMessages.Peers;
import dev.warren.protocols.transfer.pb.TransferMessages.SegmentMessage;
import dev.warren.protocols.transfer.session.FollowEvent.Grown;
import dev.warren.protocols.transfer.session.FollowEvent.Holds;
import dev.warren.protocols.transfer.session.FollowEvent.HoldsEverything;
import dev.warren.protocols.transfer.session.FollowEvent.Seed;
import dev.warren.protocols.transfer.session.FollowEvent.Seeds;
import dev.warren.protocols.transfer.session.FollowRequest.From;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What is said on a stream that follows a share, as messages. */
final class FollowCodec {
  /** The longest signature that any key makes is half of it. */
  private static final int MAX_SIGNATURE_BYTES = 2048;

  private static final int MAX_ADDRESS_BYTES = 256;

  private FollowCodec() {}

  static FromSource encode(FollowEvent event) {
    var message = FromSource.newBuilder();
    return switch (event) {
      case Grown(SignedSegment segment) ->
          message
              .setSegment(
                  SegmentMessage.newBuilder()
                      .setIndex(segment.index())
                      .setBody(ByteString.copyFrom(segment.body()))
                      .setSignature(ByteString.copyFrom(segment.signature())))
              .build();
      case HoldsEverything() -> message.setHave(Have.newBuilder().setEverything(true)).build();
      case Holds(BitSet chunks) -> message.setHave(encode(chunks)).build();
      case Seeds(List<Seed> seeds) -> {
        var peers = Peers.newBuilder();
        for (Seed seed : seeds) {
          var told = peers.addSeedsBuilder().setPeer(ByteString.copyFrom(seed.peer().toBytes()));
          seed.addresses().forEach(a -> told.addAddresses(ByteString.copyFrom(a.toBytes())));
          told.setSummary(ByteString.copyFrom(seed.summary()));
        }
        yield message.setPeers(peers).build();
      }
    };
  }

  /** In the shorter of the two ways, about: runs grow towards the end of a download. */
  private static Have encode(BitSet chunks) {
    byte[] bitmap = chunks.toByteArray();
    var ranges = Have.newBuilder();
    for (int first = chunks.nextSetBit(0); first >= 0; ) {
      int end = chunks.nextClearBit(first);
      ranges.addRanges(first).addRanges(end - first);
      if (ranges.getRangesCount() * 2 > bitmap.length) {
        return Have.newBuilder().setBitmap(ByteString.copyFrom(bitmap)).build();
      }
      first = chunks.nextSetBit(end);
    }
    return ranges.build();
  }

  static FollowEvent decode(FromSource message) throws SessionException {
    return switch (message.getKindCase()) {
      case SEGMENT -> segment(message.getSegment());
      case HAVE -> have(message.getHave());
      case PEERS -> peers(message.getPeers());
      default -> throw new IllegalArgumentException("no event: " + message.getKindCase());
    };
  }

  private static FollowEvent segment(SegmentMessage message) throws SessionException {
    require(message.getIndex() >= 0, "a segment beyond all bounds");
    require(message.getBody().size() <= SignedSegment.MAX_BODY_BYTES, "a segment that is too long");
    require(message.getSignature().size() <= MAX_SIGNATURE_BYTES, "a signature that is too long");
    return new Grown(
        new SignedSegment(
            message.getIndex(),
            message.getBody().toByteArray(),
            message.getSignature().toByteArray()));
  }

  private static FollowEvent have(Have message) throws SessionException {
    if (message.getEverything()) {
      return new HoldsEverything();
    }
    require(
        message.getBitmap().size() <= TransferProtocol.MAX_CHUNKS / Byte.SIZE,
        "a bitmap that is too long");
    require(message.getRangesCount() % 2 == 0, "half a range");
    BitSet chunks = BitSet.valueOf(message.getBitmap().asReadOnlyByteBuffer());
    for (int i = 0; i < message.getRangesCount(); i += 2) {
      int first = message.getRanges(i);
      int count = message.getRanges(i + 1);
      require(
          first >= 0
              && count > 0
              && first < TransferProtocol.MAX_CHUNKS
              && count <= TransferProtocol.MAX_CHUNKS - first,
          "a range beyond all bounds");
      chunks.set(first, first + count);
    }
    return new Holds(chunks);
  }

  private static FollowEvent peers(Peers message) throws SessionException {
    require(message.getSeedsCount() <= TransferProtocol.MAX_SEEDS, "too many seeds");
    var seeds = new ArrayList<Seed>(message.getSeedsCount());
    for (Peers.Seed seed : message.getSeedsList()) {
      PeerId peer;
      try {
        peer = PeerId.fromBytes(seed.getPeer().toByteArray());
      } catch (MalformedException e) {
        throw new SessionException("the peer sent a seed without an id", e);
      }
      seeds.add(new Seed(peer, addresses(seed.getAddressesList()), summary(seed.getSummary())));
    }
    return new Seeds(seeds);
  }

  static FromReceiver encode(FollowRequest request) {
    var message = FromReceiver.newBuilder();
    return switch (request) {
      case From(long segment) ->
          message.setFollow(Follow.newBuilder().setFromSegment(segment)).build();
      case Announcement said -> {
        var announce = Announce.newBuilder().setSeeding(said.seeding());
        said.addresses().stream()
            .limit(TransferProtocol.MAX_ADDRESSES)
            .forEach(address -> announce.addAddresses(ByteString.copyFrom(address.toBytes())));
        yield message.setAnnounce(announce.setSummary(ByteString.copyFrom(said.summary()))).build();
      }
      case Receipt said ->
          message
              .setReceipt(
                  dev.warren.protocols.transfer.pb.TransferMessages.Receipt.newBuilder()
                      .setBytes(said.bytes())
                      .setFiles(said.files())
                      .setMillis(said.millis())
                      .setComplete(said.complete()))
              .build();
    };
  }

  static FollowRequest decode(FromReceiver message) throws SessionException {
    return switch (message.getKindCase()) {
      case FOLLOW -> {
        long from = message.getFollow().getFromSegment();
        require(from >= 0, "a segment beyond all bounds");
        yield new From(from);
      }
      case ANNOUNCE -> {
        Announce said = message.getAnnounce();
        yield new Announcement(
            said.getSeeding(), addresses(said.getAddressesList()), summary(said.getSummary()));
      }
      case RECEIPT -> {
        var said = message.getReceipt();
        require(
            said.getBytes() >= 0 && said.getFiles() >= 0 && said.getMillis() >= 0,
            "a receipt beyond all bounds");
        yield new Receipt(said.getBytes(), said.getFiles(), said.getMillis(), said.getComplete());
      }
      default -> throw new IllegalArgumentException("no request: " + message.getKindCase());
    };
  }

  /** Addresses that cannot be read may be of a newer kind; they say nothing against the others. */
  private static List<Multiaddr> addresses(List<ByteString> encoded) throws SessionException {
    require(encoded.size() <= TransferProtocol.MAX_ADDRESSES, "too many addresses");
    var addresses = new ArrayList<Multiaddr>(encoded.size());
    for (ByteString address : encoded) {
      require(address.size() <= MAX_ADDRESS_BYTES, "an address that is too long");
      try {
        addresses.add(Multiaddr.fromBytes(address.toByteArray()));
      } catch (MalformedException unknown) {
        // left out, see above
      }
    }
    return addresses;
  }

  private static byte[] summary(ByteString summary) throws SessionException {
    require(summary.size() <= TransferProtocol.MAX_SUMMARY_BYTES, "a summary that is too long");
    return summary.toByteArray();
  }

  private static void require(boolean condition, String otherwise) throws SessionException {
    if (!condition) {
      throw new SessionException("the peer sent " + otherwise);
    }
  }
}
