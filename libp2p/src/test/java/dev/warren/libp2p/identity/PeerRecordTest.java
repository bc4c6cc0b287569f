package dev.warren.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.pb.PeerRecordMessages;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerRecordTest {
  private static final String DOMAIN = "libp2p-peer-record";
  private static final byte[] TYPE = {0x03, 0x01};
  private static final Multiaddr TCP = Multiaddr.parse("/ip4/192.0.2.7/tcp/4001");
  private static final Multiaddr QUIC = Multiaddr.parse("/ip6/2001:db8::7/udp/4001/quic-v1");
  private static final Multiaddr RELAYED =
      Multiaddr.parse(
          "/dns4/relay.example/tcp/443/wss"
              + "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA/p2p-circuit");

  @ParameterizedTest
  @EnumSource
  void recordsOfGoAreOpened(KeyType type) throws InvalidEnvelopeException {
    PeerRecord record = PeerRecord.open(KeyVectors.go(type.toString(), "peer-record"));

    assertThat(record)
        .isEqualTo(
            new PeerRecord(key(type).peerId(), 1763712000000000000L, List.of(TCP, QUIC, RELAYED)));
  }

  /** Under the domain and the type that rust alone uses. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RSA")
  void recordsOfRustAreOpened(KeyType type) throws InvalidEnvelopeException {
    PeerRecord record = PeerRecord.open(KeyVectors.rust(type, "peer-record"));

    assertThat(record.peer()).isEqualTo(key(type).peerId());
    assertThat(record.addresses()).containsExactly(TCP, QUIC);
  }

  @Test
  void recordsAreTheSameBytesAsThoseOfGo() {
    PrivateKey key = key(KeyType.ED25519);
    PeerRecord record =
        new PeerRecord(key.peerId(), 1763712000000000000L, List.of(TCP, QUIC, RELAYED));

    assertThat(record.seal(key).toBytes()).isEqualTo(KeyVectors.go("ED25519", "peer-record"));
  }

  /** RUSTSEC-2022-0009. */
  @Test
  void aRecordOfAnotherPeerIsRefused() {
    PeerId victim = key(KeyType.RSA).peerId();
    byte[] forged = sealed(DOMAIN, TYPE, message(victim, TCP.toBytes()));

    assertThatThrownBy(() -> PeerRecord.open(forged))
        .isInstanceOf(InvalidEnvelopeException.class)
        .hasMessageContaining("record of " + victim + " signed by");
  }

  @Test
  void aRecordIsSignedByItsPeerOnly() {
    PeerRecord record = new PeerRecord(key(KeyType.RSA).peerId(), 1, List.of(TCP));

    assertThatThrownBy(() -> record.seal(key(KeyType.ED25519)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void addressesOfUnknownKindsAreLeftOut() throws InvalidEnvelopeException {
    byte[] unknown = {(byte) 0xff, (byte) 0xff, 0x03, 1, 2, 3};
    byte[] envelope =
        sealed(
            DOMAIN,
            TYPE,
            message(key(KeyType.ED25519).peerId(), unknown, TCP.toBytes(), new byte[0]));

    assertThat(PeerRecord.open(envelope).addresses()).containsExactly(TCP);
  }

  @Test
  void noMoreAddressesAreReadThanARecordMayHave() throws InvalidEnvelopeException {
    byte[][] many =
        Collections.nCopies(PeerRecord.MAX_ADDRESSES + 50, TCP.toBytes()).toArray(new byte[0][]);
    byte[] envelope = sealed(DOMAIN, TYPE, message(key(KeyType.ED25519).peerId(), many));

    assertThat(PeerRecord.open(envelope).addresses()).hasSize(PeerRecord.MAX_ADDRESSES);
    assertThatThrownBy(
            () ->
                new PeerRecord(
                    key(KeyType.ED25519).peerId(),
                    1,
                    Collections.nCopies(PeerRecord.MAX_ADDRESSES + 1, TCP)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTypeOfOneFormDoesNotGoWithTheDomainOfTheOther() {
    byte[] message = message(key(KeyType.ED25519).peerId(), TCP.toBytes());
    byte[] legacyType = "/libp2p/routing-state-record".getBytes(StandardCharsets.US_ASCII);

    for (byte[] envelope :
        List.of(
            sealed(DOMAIN, legacyType, message),
            sealed("libp2p-routing-state", TYPE, message),
            sealed(DOMAIN, new byte[] {0x03, 0x02}, message))) {
      assertThatThrownBy(() -> PeerRecord.open(envelope))
          .isInstanceOf(InvalidEnvelopeException.class);
    }
  }

  @Test
  void aSignedPayloadThatIsNoRecordIsRefused() {
    for (byte[] payload : new byte[][] {{}, {1, 2, 3}, {0x0a, 0x01, 0x00}}) {
      byte[] envelope = sealed(DOMAIN, TYPE, payload);
      assertThatThrownBy(() -> PeerRecord.open(envelope))
          .isInstanceOf(InvalidEnvelopeException.class);
    }
  }

  @Test
  void theHigherSequenceIsTheNewerAndHasNoSign() {
    PeerId peer = key(KeyType.ED25519).peerId();
    PeerRecord small = new PeerRecord(peer, 1, List.of());
    PeerRecord huge = new PeerRecord(peer, -1, List.of());

    assertThat(huge.isNewerThan(small)).isTrue();
    assertThat(small.isNewerThan(huge)).isFalse();
    assertThat(small.isNewerThan(small)).isFalse();
  }

  private static PrivateKey key(KeyType type) {
    return PrivateKey.fromProtobuf(KeyVectors.privateKey(type));
  }

  private static byte[] sealed(String domain, byte[] type, byte[] payload) {
    return SignedEnvelope.seal(key(KeyType.ED25519), domain, type, payload).toBytes();
  }

  private static byte[] message(PeerId peer, byte[]... addresses) {
    var message =
        PeerRecordMessages.PeerRecord.newBuilder()
            .setPeerId(ByteString.copyFrom(peer.toBytes()))
            .setSeq(1);
    for (byte[] address : addresses) {
      message.addAddressesBuilder().setMultiaddr(ByteString.copyFrom(address));
    }
    return message.build().toByteArray();
  }
}
