package dev.warren.sharecodes.pake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multihash;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PakeTest {
  private static final PeerId STRANGER =
      PeerId.fromBytes(Multihash.sha256(new byte[] {1}).toBytes());

  enum Message {
    HELLO,
    CHALLENGE,
    PROOF,
    CONFIRMATION
  }

  @Property(tries = 20)
  void whoeverKnowsTheSameSecretGetsTheSameKey(
      @ForAll @AlphaChars @StringLength(max = 40) String secret) throws PakeException {
    assertThat(Exchange.of(secret, secret).run()).hasSize(32);
  }

  @Property(tries = 20)
  void whoeverKnowsAnotherSecretIsFoundOut(
      @ForAll @AlphaChars @StringLength(max = 12) String one,
      @ForAll @AlphaChars @StringLength(max = 12) String other) {
    if (one.equals(other)) {
      return;
    }
    assertThatExceptionOfType(PakeException.WrongCode.class)
        .isThrownBy(() -> Exchange.of(one, other).run());
  }

  @Test
  void everyExchangeHasAnotherKey() throws PakeException {
    assertThat(Exchange.of("violet-canoe", "violet-canoe").run())
        .isNotEqualTo(Exchange.of("violet-canoe", "violet-canoe").run());
  }

  @Test
  void theSameWordsBehindAnotherNumberAreAnotherSecret() {
    byte[] elsewhere = Exchange.RENDEZVOUS.clone();
    elsewhere[31] ^= 1;
    PakeBinding other = new PakeBinding(Exchange.RECEIVER, Exchange.SHARER, elsewhere);

    assertThatExceptionOfType(PakeException.WrongCode.class)
        .isThrownBy(() -> Exchange.of(Exchange.BINDING, "secret", other, "secret").run());
  }

  @Test
  void aThirdPeerCannotPassTheMessagesOn() {
    // What each side would see if a stranger held a connection to both of them.
    PakeBinding receivers = new PakeBinding(Exchange.RECEIVER, STRANGER, Exchange.RENDEZVOUS);
    PakeBinding sharers = new PakeBinding(STRANGER, Exchange.SHARER, Exchange.RENDEZVOUS);

    assertThatExceptionOfType(PakeException.Malformed.class)
        .isThrownBy(() -> Exchange.of(receivers, "secret", Exchange.BINDING, "secret").run());
    assertThatExceptionOfType(PakeException.Malformed.class)
        .isThrownBy(() -> Exchange.of(Exchange.BINDING, "secret", sharers, "secret").run());
    assertThatExceptionOfType(PakeException.Malformed.class)
        .isThrownBy(() -> Exchange.of(receivers, "secret", sharers, "secret").run());
  }

  @Test
  void aPeerCannotBeAnsweredWithItsOwnMessages() {
    PakeReceiver receiver =
        new PakeReceiver(Exchange.BINDING, Exchange.bytes("secret"), new SecureRandom());
    byte[] hello = receiver.hello();
    byte[] reflected = Arrays.copyOf(hello, PakeMessages.CHALLENGE_BYTES);

    assertThatExceptionOfType(PakeException.Malformed.class)
        .isThrownBy(() -> receiver.prove(reflected));
  }

  @Property(tries = 150)
  void anyChangedBitOfAnyMessageEndsTheExchange(
      @ForAll Message message, @ForAll @IntRange(max = 4000) int place) {
    Exchange exchange = Exchange.of("violet-canoe", "violet-canoe");
    onWire(
        exchange,
        message,
        bytes -> {
          int bit = place % (bytes.length * 8);
          bytes[bit / 8] ^= (byte) (1 << (bit % 8));
          return bytes;
        });

    assertThatExceptionOfType(PakeException.class).isThrownBy(exchange::run);
  }

  @ParameterizedTest
  @EnumSource(Message.class)
  void messagesOfAnotherLengthAreRefused(Message message) {
    for (int change : new int[] {-1, 1}) {
      Exchange exchange = Exchange.of("violet-canoe", "violet-canoe");
      onWire(exchange, message, bytes -> Arrays.copyOf(bytes, bytes.length + change));

      assertThatExceptionOfType(PakeException.Malformed.class)
          .isThrownBy(exchange::run)
          .withMessageStartingWith("message of ");
    }
  }

  @ParameterizedTest
  @EnumSource(Message.class)
  void messagesOfZerosAreRefused(Message message) {
    Exchange exchange = Exchange.of("violet-canoe", "violet-canoe");
    onWire(exchange, message, bytes -> new byte[bytes.length]);

    assertThatExceptionOfType(PakeException.class).isThrownBy(exchange::run);
  }

  @Test
  void aMessageOfAnotherExchangeIsRefused() throws PakeException {
    Exchange earlier = Exchange.of("violet-canoe", "violet-canoe");
    byte[][] proofs = new byte[1][];
    earlier.onProof = proof -> proofs[0] = proof.clone();
    earlier.run();
    Exchange later = Exchange.of("violet-canoe", "violet-canoe");
    later.onProof = proof -> proofs[0];

    assertThatExceptionOfType(PakeException.class).isThrownBy(later::run);
  }

  @Test
  void aResponseThatIsTheSameModuloTheOrderIsRefused() {
    Exchange exchange = Exchange.of("violet-canoe", "violet-canoe");
    exchange.onHello =
        hello -> {
          int at = 3 * P256.POINT_BYTES;
          BigInteger response = new BigInteger(1, hello, at, P256.SCALAR_BYTES);
          BigInteger larger = response.add(P256.ORDER);
          if (larger.bitLength() > 256) {
            larger = P256.ORDER; // the same as zero
          }
          System.arraycopy(P256.encode(larger), 0, hello, at, P256.SCALAR_BYTES);
          return hello;
        };

    assertThatExceptionOfType(PakeException.Malformed.class)
        .isThrownBy(exchange::run)
        .withMessage("not a number below the order of the curve");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 5, 6, 7, 255})
  void pointsInOtherEncodingsAreRefused(int prefix) {
    byte[] point = new byte[P256.POINT_BYTES];
    point[0] = (byte) prefix;

    assertThatExceptionOfType(PakeException.Malformed.class).isThrownBy(() -> P256.point(point, 0));
  }

  @Test
  void theSecretIsInNoMessage() throws PakeException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    Exchange exchange = Exchange.of("violet-canoe", "violet-canoe");
    for (Message message : Message.values()) {
      onWire(
          exchange,
          message,
          bytes -> {
            wire.writeBytes(bytes);
            return bytes;
          });
    }
    exchange.run();
    String seen = wire.toString(StandardCharsets.ISO_8859_1);
    byte[] password = KeySchedule.password(Exchange.BINDING, Exchange.bytes("violet-canoe"));

    assertThat(seen)
        .hasSize(
            PakeMessages.HELLO_BYTES
                + PakeMessages.CHALLENGE_BYTES
                + PakeMessages.PROOF_BYTES
                + PakeMessages.CONFIRMATION_BYTES)
        .doesNotContain("violet", "canoe")
        .doesNotContain(new String(password, StandardCharsets.ISO_8859_1));
  }

  @Test
  void theSharerShowsNothingOfTheSecretToOneWhoDoesNotKnowIt() throws PakeException {
    // The same random numbers with two secrets: only A and its proof depend on the secret, and they
    // are as random as the numbers.
    byte[] hello =
        new PakeReceiver(Exchange.BINDING, Exchange.bytes("guess"), new SecureRandom()).hello();
    byte[] one = sharer("violet-canoe").challenge(hello);
    byte[] other = sharer("acorn-zoom").challenge(hello);

    assertThat(Arrays.copyOf(one, Juggler.ROUND_1_BYTES))
        .isEqualTo(Arrays.copyOf(other, Juggler.ROUND_1_BYTES));
    assertThat(one).hasSameSizeAs(other).isNotEqualTo(other);
  }

  @Test
  void stepsOutOfOrderAreAMistakeOfTheCaller() throws PakeException {
    Exchange exchange = Exchange.of("secret", "secret");

    assertThatIllegalStateException().isThrownBy(() -> exchange.receiver.prove(new byte[0]));
    assertThatIllegalStateException().isThrownBy(() -> exchange.receiver.finish(new byte[32]));
    assertThatIllegalStateException().isThrownBy(() -> exchange.sharer.accept(new byte[0]));
    exchange.run();
    assertThatIllegalStateException().isThrownBy(exchange.receiver::hello);
    assertThatIllegalStateException().isThrownBy(() -> exchange.sharer.challenge(new byte[0]));
  }

  @Test
  void aFailedStepCannotBeTriedAgain() {
    Exchange exchange = Exchange.of("secret", "another");
    byte[][] proofs = new byte[1][];
    exchange.onProof = proof -> proofs[0] = proof;

    assertThatExceptionOfType(PakeException.WrongCode.class).isThrownBy(exchange::run);
    assertThatIllegalStateException().isThrownBy(() -> exchange.sharer.accept(proofs[0]));
  }

  @Test
  void bindingsAreOfTwoPeersAndARendezvousKey() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PakeBinding(Exchange.SHARER, Exchange.SHARER, Exchange.RENDEZVOUS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PakeBinding(Exchange.RECEIVER, Exchange.SHARER, new byte[31]));
  }

  @Test
  void anIndependentImplementationSaysTheSame() throws PakeException {
    PakeReceiver receiver =
        new PakeReceiver(
            Exchange.BINDING, Exchange.bytes("violet-canoe"), new Scripted("receiver_scalars"));
    PakeSharer sharer =
        new PakeSharer(
            Exchange.BINDING, Exchange.bytes("violet-canoe"), new Scripted("sharer_scalars"));

    byte[] hello = receiver.hello();
    assertThat(hello).isEqualTo(Exchange.VECTORS.bytes("hello"));
    byte[] challenge = sharer.challenge(hello);
    assertThat(challenge).isEqualTo(Exchange.VECTORS.bytes("challenge"));
    byte[] proof = receiver.prove(challenge);
    assertThat(proof).isEqualTo(Exchange.VECTORS.bytes("proof"));
    PakeSharer.Accepted accepted = sharer.accept(proof);
    assertThat(accepted.confirmation()).isEqualTo(Exchange.VECTORS.bytes("confirmation"));
    assertThat(accepted.sharedKey()).isEqualTo(Exchange.VECTORS.bytes("shared_key"));
    assertThat(receiver.finish(accepted.confirmation()))
        .isEqualTo(Exchange.VECTORS.bytes("shared_key"));
    assertThat(KeySchedule.password(Exchange.BINDING, Exchange.bytes("violet-canoe")))
        .isEqualTo(Exchange.VECTORS.text("password").getBytes(StandardCharsets.US_ASCII));
  }

  private static PakeSharer sharer(String secret) {
    return new PakeSharer(Exchange.BINDING, Exchange.bytes(secret), new Scripted("sharer_scalars"));
  }

  private static void onWire(Exchange exchange, Message message, UnaryOperator<byte[]> change) {
    switch (message) {
      case HELLO -> exchange.onHello = change;
      case CHALLENGE -> exchange.onChallenge = change;
      case PROOF -> exchange.onProof = change;
      case CONFIRMATION -> exchange.onConfirmation = change;
    }
  }

  /** Gives the numbers of a vector in their order. */
  private static final class Scripted extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] script;
    private int at;

    Scripted(String vector) {
      script = HexFormat.of().parseHex(Exchange.VECTORS.text(vector).replace(" ", ""));
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(script, at, bytes, 0, bytes.length);
      at += bytes.length;
    }
  }
}
