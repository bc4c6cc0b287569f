package dev.warren.sharecodes.pake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.Vectors;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;

/** A whole exchange between two sides in one thread, with somebody on the wire between them. */
final class Exchange {
  static final Vectors VECTORS = new Vectors(Exchange.class, "exchange.properties");
  static final PeerId RECEIVER = PeerId.parse(VECTORS.text("receiver"));
  static final PeerId SHARER = PeerId.parse(VECTORS.text("sharer"));
  static final byte[] RENDEZVOUS = VECTORS.bytes("rendezvous_key");
  static final PakeBinding BINDING = new PakeBinding(RECEIVER, SHARER, RENDEZVOUS);

  final PakeReceiver receiver;
  final PakeSharer sharer;
  UnaryOperator<byte[]> onHello = UnaryOperator.identity();
  UnaryOperator<byte[]> onChallenge = UnaryOperator.identity();
  UnaryOperator<byte[]> onProof = UnaryOperator.identity();
  UnaryOperator<byte[]> onConfirmation = UnaryOperator.identity();

  Exchange(PakeReceiver receiver, PakeSharer sharer) {
    this.receiver = receiver;
    this.sharer = sharer;
  }

  static Exchange of(String receiverSecret, String sharerSecret) {
    return of(BINDING, receiverSecret, BINDING, sharerSecret);
  }

  static Exchange of(
      PakeBinding receiverBinding,
      String receiverSecret,
      PakeBinding sharerBinding,
      String sharerSecret) {
    SecureRandom random = new SecureRandom();
    return new Exchange(
        new PakeReceiver(receiverBinding, bytes(receiverSecret), random),
        new PakeSharer(sharerBinding, bytes(sharerSecret), random));
  }

  /** Gives the key that both sides have. */
  byte[] run() throws PakeException {
    byte[] hello = onHello.apply(receiver.hello());
    byte[] challenge = onChallenge.apply(sharer.challenge(hello));
    byte[] proof = onProof.apply(receiver.prove(challenge));
    PakeSharer.Accepted accepted = sharer.accept(proof);
    byte[] key = receiver.finish(onConfirmation.apply(accepted.confirmation()));
    assertThat(accepted.sharedKey()).isEqualTo(key);
    return key;
  }

  static byte[] bytes(String secret) {
    return secret.getBytes(StandardCharsets.UTF_8);
  }
}
