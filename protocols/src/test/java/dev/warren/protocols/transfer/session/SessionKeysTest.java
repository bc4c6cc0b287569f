package dev.warren.protocols.transfer.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class SessionKeysTest {

  /** The file was computed by a program of its own from docs/protocols/transfer.md. */
  @ParameterizedTest
  @CsvFileSource(resources = "session-keys.csv")
  void keysAndProofsAreThoseOfTheSpecification(
      String receiver,
      String source,
      String share,
      String key,
      String receiverNonce,
      String sourceNonce,
      String sourceProof,
      String receiverProof,
      String boxKey) {
    SessionKeys keys =
        SessionKeys.derive(
            new ShareId(share),
            ShareKey.of(bytes(key)),
            PeerId.fromBytes(bytes(receiver)),
            PeerId.fromBytes(bytes(source)),
            bytes(receiverNonce),
            bytes(sourceNonce));

    assertThat(keys.sourceProof()).isEqualTo(bytes(sourceProof));
    assertThat(keys.receiverProof()).isEqualTo(bytes(receiverProof));
    assertThat(keys.boxKey()).isEqualTo(bytes(boxKey));
    assertThat(keys.provesSource(bytes(sourceProof))).isTrue();
    assertThat(keys.provesSource(bytes(receiverProof))).isFalse();
    assertThat(keys.provesReceiver(bytes(receiverProof))).isTrue();
    assertThat(keys.provesReceiver(new byte[0])).isFalse();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
