package dev.warren.protocols.transfer.session;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver.KindCase;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Hello;
import dev.warren.protocols.transfer.pb.TransferMessages.Proof;
import dev.warren.protocols.transfer.pb.TransferMessages.Welcome;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.EOFException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The source's side of a session's beginning.
 *
 * <p>Of a share that is not here it speaks as of any other, with a key that nobody has: who does
 * not know the key of a share learns neither from what is said nor from how long it takes whether
 * the share is here.
 */
public final class SessionServer {
  private static final Set<KindCase> HELLO = EnumSet.of(KindCase.HELLO);
  private static final Set<KindCase> PROOF = EnumSet.of(KindCase.PROOF);

  private final PeerId self;
  private final TimeSource time;
  private final SecureRandom random = new SecureRandom();

  /** Answers streams of this peer. */
  public SessionServer(PeerId self, TimeSource time) {
    this.self = self;
    this.time = time;
  }

  /**
   * Proves to a receiver that the share's key is here, and has it prove the same.
   *
   * @param keys of the shares that are here
   * @return what it wants, to be accepted or refused
   * @throws RefusedException if it could not, and has been told
   */
  public Opening open(Stream stream, Function<ShareId, Optional<ShareKey>> keys)
      throws IOException {
    var wire = new Wire(stream);
    try (var deadline = new Deadline(time, stream)) {
      deadline.set(TransferProtocol.OPENING);
      Hello hello = read(wire, HELLO).getHello();
      ShareId share = shareId(hello);
      Optional<ShareKey> key = keys.apply(share);
      SessionKeys session =
          welcome(wire, stream.remotePeer(), share, key, hello.getNonce().toByteArray());

      Proof proof = read(wire, PROOF).getProof();
      boolean proven = session.provesReceiver(proof.getProof().toByteArray());
      var opening = new Opening(stream, wire, share, purpose(proof), token(proof), session);
      if (key.isEmpty() || !proven) {
        RefusedException refused = Refusals.unknown();
        opening.refuse(refused);
        throw refused;
      }
      return opening;
    }
  }

  private SessionKeys welcome(
      Wire wire, PeerId receiver, ShareId share, Optional<ShareKey> key, byte[] receiverNonce)
      throws IOException {
    if (receiverNonce.length != SessionKeys.NONCE_BYTES) {
      throw new SessionException("the peer sent a nonce of " + receiverNonce.length + " bytes");
    }
    ShareKey nobodys = ShareKey.generate(random);
    byte[] nonce = new byte[SessionKeys.NONCE_BYTES];
    random.nextBytes(nonce);
    SessionKeys session =
        SessionKeys.derive(share, key.orElse(nobodys), receiver, self, receiverNonce, nonce);
    wire.send(
        FromSource.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setNonce(ByteString.copyFrom(nonce))
                    .setProof(ByteString.copyFrom(session.sourceProof())))
            .build());
    return session;
  }

  private static FromReceiver read(Wire wire, Set<KindCase> expected) throws IOException {
    return wire.readFromReceiver(expected)
        .orElseThrow(() -> new EOFException("the peer ended the session as it began"));
  }

  private static ShareId shareId(Hello hello) throws SessionException {
    try {
      return new ShareId(hello.getShare());
    } catch (IllegalArgumentException e) {
      throw new SessionException("the peer wants a share whose name is none", e);
    }
  }

  private static Purpose purpose(Proof proof) throws SessionException {
    return switch (proof.getPurpose()) {
      case FOLLOW -> Purpose.FOLLOW;
      case DATA -> Purpose.DATA;
      case UNRECOGNIZED ->
          throw new SessionException("the peer opens a stream for no known purpose");
    };
  }

  private static Optional<Token> token(Proof proof) throws SessionException {
    if (proof.getToken().size() > Token.MAX_BYTES) {
      throw new SessionException("the peer sent a token of " + proof.getToken().size() + " bytes");
    }
    return proof.getToken().isEmpty()
        ? Optional.empty()
        : Optional.of(Token.of(proof.getToken().toByteArray()));
  }
}
