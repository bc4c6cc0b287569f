package dev.warren.protocols.transfer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.identity.SignedEnvelope;
import dev.warren.protocols.transfer.session.RefusedException.Reason;
import dev.warren.sharecodes.ShareId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final ShareId SHARE = new ShareId("ABC123");
  private static final PrivateKey SHARER = PrivateKey.generate(KeyType.ED25519);
  private static final PublicKey SHARER_KEY = SHARER.publicKey();
  private static final PeerId RECEIVER = PrivateKey.generate(KeyType.ED25519).peerId();

  private final Token token = Token.issue(SHARER, SHARE, RECEIVER, NOW.plusSeconds(60));

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void aTokenHoldsForItsReceiverAndShareUntilItsEnd(KeyType type) {
    PrivateKey sharer = PrivateKey.generate(type);
    Token issued = Token.issue(sharer, SHARE, RECEIVER, NOW.plusSeconds(60));
    Token received = Token.of(issued.toBytes());

    assertThatCode(() -> received.check(sharer.publicKey(), SHARE, RECEIVER, NOW))
        .doesNotThrowAnyException();
    assertThat(received).isEqualTo(issued);
  }

  @Test
  void atItsEndATokenHasEnded() {
    assertRefused(token, SHARER_KEY, SHARE, RECEIVER, NOW.plusSeconds(60), Reason.EXPIRED);
  }

  @Test
  void aTokenHoldsForNobodyElseAndNothingElse() {
    PrivateKey other = PrivateKey.generate(KeyType.ED25519);

    assertRefused(token, SHARER_KEY, SHARE, other.peerId(), NOW, Reason.NOT_APPROVED);
    assertRefused(token, SHARER_KEY, new ShareId("B"), RECEIVER, NOW, Reason.NOT_APPROVED);
    assertRefused(token, other.publicKey(), SHARE, RECEIVER, NOW, Reason.NOT_APPROVED);
  }

  @Test
  void whatIsNoTokenIsRefused() {
    byte[] changed = token.toBytes();
    changed[changed.length - 1] ^= 1;
    byte[] otherDomain =
        SignedEnvelope.seal(SHARER, "warren-other", new byte[] {1}, new byte[] {1}).toBytes();
    byte[] otherType =
        SignedEnvelope.seal(SHARER, "warren-transfer-token", new byte[] {1}, new byte[0]).toBytes();

    assertRefused(Token.of(changed), SHARER_KEY, SHARE, RECEIVER, NOW, Reason.NOT_APPROVED);
    assertRefused(Token.of(otherDomain), SHARER_KEY, SHARE, RECEIVER, NOW, Reason.NOT_APPROVED);
    assertRefused(Token.of(otherType), SHARER_KEY, SHARE, RECEIVER, NOW, Reason.NOT_APPROVED);
    assertRefused(Token.of(new byte[5]), SHARER_KEY, SHARE, RECEIVER, NOW, Reason.NOT_APPROVED);
  }

  @Test
  void tokensWithoutEndAreCutToADate() {
    Token endless = Token.issue(SHARER, SHARE, RECEIVER, Instant.MAX);

    assertThatCode(() -> endless.check(SHARER_KEY, SHARE, RECEIVER, NOW))
        .doesNotThrowAnyException();
  }

  @Test
  void emptyAndHugeTokensAreNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> Token.of(new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> Token.of(new byte[Token.MAX_BYTES + 1]));
  }

  private static void assertRefused(
      Token token, PublicKey sharer, ShareId share, PeerId receiver, Instant now, Reason reason) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> token.check(sharer, share, receiver, now))
        .extracting(RefusedException::reason)
        .isEqualTo(reason);
  }
}
