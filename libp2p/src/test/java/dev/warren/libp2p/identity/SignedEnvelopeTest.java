package dev.warren.libp2p.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignedEnvelopeTest {
  private static final String DOMAIN = "warren-test";
  private static final byte[] TYPE = {0x07, 0x2a};
  private static final byte[] PAYLOAD = "the payload".getBytes(UTF_8);

  @ParameterizedTest
  @EnumSource
  void envelopesOfGoAreOpened(KeyType type) throws InvalidEnvelopeException {
    SignedEnvelope envelope =
        SignedEnvelope.open(KeyVectors.go(type.toString(), "envelope"), DOMAIN);

    assertThat(envelope.payload()).isEqualTo(PAYLOAD);
    assertThat(envelope.payloadType()).isEqualTo(TYPE);
    assertThat(envelope.publicKey().toProtobuf()).isEqualTo(KeyVectors.publicKey(type));
    assertThat(envelope.toBytes()).isEqualTo(KeyVectors.go(type.toString(), "envelope"));
  }

  /** All but ECDSA, whose signatures are random. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ECDSA")
  void envelopesAreTheSameBytesAsThoseOfGo(KeyType type) {
    PrivateKey key = PrivateKey.fromProtobuf(KeyVectors.privateKey(type));

    assertThat(SignedEnvelope.seal(key, DOMAIN, TYPE, PAYLOAD).toBytes())
        .isEqualTo(KeyVectors.go(type.toString(), "envelope"));
  }

  @Test
  void whatIsSealedIsOpened() throws InvalidEnvelopeException {
    SignedEnvelope sealed = SignedEnvelope.seal(ed25519(), DOMAIN, TYPE, PAYLOAD);

    assertThat(SignedEnvelope.open(sealed.toBytes(), DOMAIN))
        .isEqualTo(sealed)
        .hasSameHashCodeAs(sealed);
  }

  @Test
  void anEnvelopeForAnotherPurposeIsRefused() {
    byte[] bytes = SignedEnvelope.seal(ed25519(), DOMAIN, TYPE, PAYLOAD).toBytes();

    assertThatThrownBy(() -> SignedEnvelope.open(bytes, "warren-tests"))
        .isInstanceOf(InvalidEnvelopeException.class)
        .hasMessageContaining("did not sign for warren-tests");
  }

  @Test
  void anEnvelopeWithAnyBitChangedIsRefused() {
    byte[] bytes = SignedEnvelope.seal(ed25519(), DOMAIN, TYPE, PAYLOAD).toBytes();

    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] tampered = bytes.clone();
      tampered[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> SignedEnvelope.open(tampered, DOMAIN))
          .as("bit %d", bit)
          .isInstanceOf(InvalidEnvelopeException.class);
    }
  }

  @Test
  void theBordersBetweenTheSignedPartsCannotBeMoved() {
    byte[] signature = ed25519().sign(HexFormat.of().parseHex("0161026261026364"));
    byte[] moved =
        envelope(ed25519().publicKey(), "b".getBytes(UTF_8), "acd".getBytes(UTF_8), signature);

    assertThatThrownBy(() -> SignedEnvelope.open(moved, "a"))
        .isInstanceOf(InvalidEnvelopeException.class);
  }

  @Test
  void fieldsOfTheFutureAreIgnored() throws InvalidEnvelopeException {
    SignedEnvelope sealed = SignedEnvelope.seal(ed25519(), DOMAIN, TYPE, PAYLOAD);
    byte[] withMore =
        ByteString.copyFrom(sealed.toBytes())
            .concat(ByteString.copyFrom(HexFormat.of().parseHex("3a03666f6f")))
            .toByteArray();

    assertThat(SignedEnvelope.open(withMore, DOMAIN)).isEqualTo(sealed);
  }

  @Test
  void oversizedEnvelopesAreNeitherReadNorMade() {
    assertThatThrownBy(() -> SignedEnvelope.open(new byte[SignedEnvelope.MAX_BYTES + 1], DOMAIN))
        .isInstanceOf(InvalidEnvelopeException.class)
        .hasMessageContaining("more than");
    assertThatThrownBy(
            () -> SignedEnvelope.seal(ed25519(), DOMAIN, TYPE, new byte[SignedEnvelope.MAX_BYTES]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEnvelopeNeedsADomainAndAType() {
    assertThatThrownBy(() -> SignedEnvelope.seal(ed25519(), "", TYPE, PAYLOAD))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SignedEnvelope.seal(ed25519(), DOMAIN, new byte[0], PAYLOAD))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingIsNoEnvelope() {
    assertThatThrownBy(() -> SignedEnvelope.open(new byte[0], DOMAIN))
        .isInstanceOf(InvalidEnvelopeException.class);
  }

  private static PrivateKey ed25519() {
    return PrivateKey.fromProtobuf(KeyVectors.privateKey(KeyType.ED25519));
  }

  private static byte[] envelope(PublicKey key, byte[] type, byte[] payload, byte[] signature) {
    return dev.warren.libp2p.identity.pb.EnvelopeMessages.Envelope.newBuilder()
        .setPublicKey(ByteString.copyFrom(key.toProtobuf()))
        .setPayloadType(ByteString.copyFrom(type))
        .setPayload(ByteString.copyFrom(payload))
        .setSignature(ByteString.copyFrom(signature))
        .build()
        .toByteArray();
  }
}
