package dev.warren.protocols.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.protocols.admission.NotAdmittedException.Reason;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import dev.warren.sharecodes.WordCode;
import dev.warren.sharecodes.pake.CodeGuard;
import dev.warren.sharecodes.pake.PakeBinding;
import dev.warren.sharecodes.pake.PakeMessages;
import dev.warren.sharecodes.pake.PakeReceiver;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WordAdmissionTest {
  private static final WordCode CODE = new WordCode(4821, "otter", "violet", "canoe");
  private static final WordCode OTHER_SECRET = new WordCode(4821, "otter", "violet", "violet");
  private static final WordCode OTHER_KEY = new WordCode(4822, "otter", "violet", "canoe");

  private final SecureRandom random = new SecureRandom();
  private final AtomicLong nanos = new AtomicLong();
  private final CodeGuard guard = new CodeGuard(nanos::get);
  private final CodeGuard receiversGuard = new CodeGuard(nanos::get);
  private final Admitted admitted =
      new Admitted(ShareId.generate(random), ShareKey.generate(random));
  private Host sharer;
  private Host receiver;
  private Connection connection;

  @BeforeEach
  void connect() throws IOException {
    sharer = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
    receiver = Host.builder().start();
    var share = new WordShare(CODE, guard, admitted);
    WordAdmission.serve(
        sharer,
        key -> Arrays.equals(key, CODE.rendezvousKey()) ? Optional.of(share) : Optional.empty());
    connection = receiver.dial(sharer.peerId(), sharer.addresses());
  }

  @AfterEach
  void disconnect() {
    receiver.close();
    sharer.close();
  }

  @Test
  void theRightWordsAreAnsweredWithTheKey() throws IOException {
    assertThat(prove(CODE)).isEqualTo(admitted);
    assertThat(guard.wrongProofs()).isZero();
    assertThat(receiversGuard.wrongProofs()).isZero();
  }

  @Test
  void wrongWordsCountAtBothEndsAndMakeEverybodyWait() {
    assertRefused(OTHER_SECRET, Reason.WRONG_CODE);
    assertThat(guard.wrongProofs()).isEqualTo(1);
    assertThat(receiversGuard.wrongProofs()).isEqualTo(1);
    assertThatThrownBy(
            () -> WordAdmission.prove(receiver, connection, CODE, new CodeGuard(nanos::get)))
        .isInstanceOfSatisfying(
            NotAdmittedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.WAIT);
              assertThat(e.waitTime()).isPositive();
            });
  }

  @Test
  void fiveWrongWordsBurnTheCodeAlsoForThoseWhoHaveIt() {
    for (int i = 0; i < CodeGuard.MAX_WRONG; i++) {
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      assertRefused(OTHER_SECRET, Reason.WRONG_CODE);
    }
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(guard.refusal()).contains(new CodeGuard.Burnt());
    assertThatThrownBy(
            () -> WordAdmission.prove(receiver, connection, CODE, new CodeGuard(nanos::get)))
        .isInstanceOfSatisfying(
            NotAdmittedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BURNT));
    assertRefused(CODE, Reason.BURNT);
  }

  @Test
  void wordsThatNobodySharesUnderCostNoTry() {
    for (int i = 0; i < 2 * CodeGuard.MAX_WRONG; i++) {
      assertRefused(OTHER_KEY, Reason.UNKNOWN);
    }
    assertThat(receiversGuard.wrongProofs()).isZero();
  }

  @Test
  void anImpostorWhoBreaksOffAfterTheProofHasSpentOneOfTheReceiversTries() {
    sharer.handle(WordAdmission.PROTOCOL, stream -> Answering.challengeOnly(sharer, stream, CODE));
    assertThatThrownBy(() -> prove(CODE)).isInstanceOf(IOException.class);
    assertThat(receiversGuard.wrongProofs()).isEqualTo(1);
  }

  @Test
  void aReceiverThatHasToWaitIsToldBeforeItSpendsATry() {
    assertRefused(OTHER_SECRET, Reason.WRONG_CODE);
    var honest = new CodeGuard(nanos::get);

    assertThatThrownBy(() -> WordAdmission.prove(receiver, connection, CODE, honest))
        .isInstanceOfSatisfying(
            NotAdmittedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.WAIT);
              assertThat(e.waitTime()).isEqualTo(Duration.ofSeconds(2));
            });
    assertThat(honest.wrongProofs()).isZero();
  }

  @Test
  void aReceiverThatMayNotTryDoesNotBegin() {
    assertRefused(OTHER_SECRET, Reason.WRONG_CODE);
    sharer.handle(
        WordAdmission.PROTOCOL,
        stream -> {
          throw new AssertionError("asked");
        });

    assertRefused(CODE, Reason.WAIT);
  }

  @Test
  void aPeerThatDoesNotTakePartCostsNoTry() {
    sharer.unhandle(WordAdmission.PROTOCOL);
    assertThatThrownBy(() -> prove(CODE)).isInstanceOf(IOException.class);
    connection.close();
    assertThatThrownBy(() -> prove(CODE)).isInstanceOf(IOException.class);

    assertThat(receiversGuard.wrongProofs()).isZero();
  }

  @Test
  void whoSaysThatThereIsNothingToWaitForIsAskedAgainInASecond() {
    sharer.handle(WordAdmission.PROTOCOL, stream -> stream.write(new byte[] {4, 0}));

    assertThatThrownBy(() -> prove(CODE))
        .isInstanceOfSatisfying(
            NotAdmittedException.class,
            e -> assertThat(e.waitTime()).isEqualTo(Duration.ofSeconds(1)));
  }

  @Test
  void aProofThatIsNoneEndsInAnErrorAndCostsTheSharerNoTry() throws Exception {
    var binding = new PakeBinding(receiver.peerId(), sharer.peerId(), CODE.rendezvousKey());
    var pake = new PakeReceiver(binding, CODE.secret(), random);
    try (Stream stream = connection.open(WordAdmission.PROTOCOL)) {
      stream.write(CODE.rendezvousKey());
      stream.write(pake.hello());
      byte[] challenge = new byte[1 + PakeMessages.CHALLENGE_BYTES];
      stream.readFully(challenge, 0, challenge.length);
      byte[] proof = pake.prove(Arrays.copyOfRange(challenge, 1, challenge.length));
      proof[PakeMessages.PROOF_BYTES / 2] ^= 1;
      stream.write(proof);
      assertThatThrownBy(() -> stream.readFully(challenge, 0, 1)).isInstanceOf(IOException.class);
    }

    assertThat(guard.wrongProofs()).isZero();
  }

  @Test
  void bytesThatAreNoMessageEndInAnErrorAndCostTheSharerNoTry() throws IOException {
    try (Stream stream = connection.open(WordAdmission.PROTOCOL)) {
      stream.write(CODE.rendezvousKey());
      stream.write(new byte[196]);
      byte[] answer = new byte[1];
      assertThatThrownBy(() -> stream.readFully(answer, 0, 1)).isInstanceOf(IOException.class);
    }
    assertThat(guard.wrongProofs()).isZero();
  }

  private Admitted prove(WordCode code) throws IOException {
    return WordAdmission.prove(receiver, connection, code, receiversGuard);
  }

  private void assertRefused(WordCode code, Reason reason) {
    assertThatThrownBy(() -> prove(code))
        .isInstanceOfSatisfying(
            NotAdmittedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
