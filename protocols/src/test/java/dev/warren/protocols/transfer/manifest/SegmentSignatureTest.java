package dev.warren.protocols.transfer.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.sharecodes.ShareId;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentSignatureTest {
  private static final byte[] BODY = {1, 2, 3};

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void whatASharerSignsHolds(KeyType type) {
    PrivateKey sharer = PrivateKey.generate(type);
    SignedSegment signed = new SegmentSigner(sharer, Samples.SHARE).sign(7, BODY);

    assertThatCode(() -> new SegmentVerifier(sharer.publicKey(), Samples.SHARE).verify(signed))
        .doesNotThrowAnyException();
  }

  @Test
  void aSignatureHoldsForOneSharerShareIndexAndBody() {
    byte[] signature = Samples.SIGNER.sign(7, BODY).signature();
    PublicKey other = PrivateKey.generate(KeyType.ED25519).publicKey();
    ShareId otherShare = new ShareId("ABC124");

    assertForged(Samples.VERIFIER, new SignedSegment(8, BODY, signature));
    assertForged(Samples.VERIFIER, new SignedSegment(7, new byte[] {1, 2, 4}, signature));
    assertForged(Samples.VERIFIER, new SignedSegment(7, BODY, new byte[0]));
    assertForged(new SegmentVerifier(other, Samples.SHARE), new SignedSegment(7, BODY, signature));
    assertForged(
        new SegmentVerifier(Samples.SHARER.publicKey(), otherShare),
        new SignedSegment(7, BODY, signature));
  }

  /** Built by hand from docs/protocols/transfer.md. */
  @Test
  void whatIsSignedIsThatOfTheSpecification() {
    byte[] statement =
        new SegmentStatement(Samples.SHARER.peerId(), new ShareId("AB")).bytes(258, BODY);

    assertThat(HexFormat.of().formatHex(statement))
        .isEqualTo(
            "77617272656e207472616e73666572207365676d656e74203100"
                + "00000026"
                + HexFormat.of().formatHex(Samples.SHARER.peerId().toBytes())
                + "00000002"
                + "4142"
                + "0000000000000102"
                + "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
  }

  private static void assertForged(SegmentVerifier verifier, SignedSegment segment) {
    assertThatExceptionOfType(ForgedSegmentException.class)
        .isThrownBy(() -> verifier.verify(segment));
  }
}
