package dev.warren.libp2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPair25519Test {
  private static final HexFormat HEX = HexFormat.of();

  // RFC 7748, section 6.1.
  private static final KeyPair25519 ALICE =
      Keys.fromPrivate("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  private static final KeyPair25519 BOB =
      Keys.fromPrivate("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  private static final String SECRET =
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

  @Test
  void publishedKeysShareThePublishedSecret() throws GeneralSecurityException {
    assertThat(HEX.formatHex(ALICE.sharedSecret(BOB.publicKey()))).isEqualTo(SECRET);
    assertThat(HEX.formatHex(BOB.sharedSecret(ALICE.publicKey()))).isEqualTo(SECRET);
  }

  @Test
  void theUnusedBitOfAPublicKeyIsIgnored() throws GeneralSecurityException {
    byte[] marked = BOB.publicKey();
    marked[31] |= (byte) 0x80;
    assertThat(HEX.formatHex(ALICE.sharedSecret(marked))).isEqualTo(SECRET);
  }

  @Test
  void generatedPairsAgreeAndDiffer() throws GeneralSecurityException {
    KeyPair25519 left = KeyPair25519.generate();
    KeyPair25519 right = KeyPair25519.generate();
    assertThat(left.publicKey()).hasSize(32).isNotEqualTo(right.publicKey());
    assertThat(left.sharedSecret(right.publicKey()))
        .hasSize(32)
        .isEqualTo(right.sharedSecret(left.publicKey()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void keysThatWouldMakeTheSecretZeroAreRefused(String publicKey) {
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> ALICE.sharedSecret(HEX.parseHex(publicKey)));
  }
}
