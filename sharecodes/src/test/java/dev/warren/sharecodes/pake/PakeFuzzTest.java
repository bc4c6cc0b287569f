package dev.warren.sharecodes.pake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;

class PakeFuzzTest {
  @FuzzTest
  void hellosAreAnsweredOrRefused(byte[] hello) {
    PakeSharer sharer =
        new PakeSharer(Exchange.BINDING, Exchange.bytes("violet-canoe"), new SecureRandom());
    try {
      assertThat(sharer.challenge(hello)).hasSize(PakeMessages.CHALLENGE_BYTES);
    } catch (PakeException.Malformed e) {
      assertThat(e.getMessage()).doesNotContain("violet");
    }
  }

  @FuzzTest
  void challengesAreAnsweredOrRefused(byte[] challenge) {
    PakeReceiver receiver =
        new PakeReceiver(Exchange.BINDING, Exchange.bytes("violet-canoe"), new SecureRandom());
    receiver.hello();
    try {
      assertThat(receiver.prove(challenge)).hasSize(PakeMessages.PROOF_BYTES);
    } catch (PakeException.Malformed e) {
      assertThat(e.getMessage()).doesNotContain("violet");
    }
  }

  @FuzzTest
  void noMadeUpProofIsAccepted(byte[] proof) throws PakeException {
    PakeSharer sharer =
        new PakeSharer(Exchange.BINDING, Exchange.bytes("violet-canoe"), new SecureRandom());
    sharer.challenge(Exchange.VECTORS.bytes("hello"));
    try {
      sharer.accept(proof);
    } catch (PakeException e) {
      return;
    }
    throw new AssertionError("accepted");
  }
}
