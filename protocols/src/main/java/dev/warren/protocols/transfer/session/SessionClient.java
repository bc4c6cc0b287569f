package dev.warren.protocols.transfer.session;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Accepted;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource.KindCase;
import dev.warren.protocols.transfer.pb.TransferMessages.Hello;
import dev.warren.protocols.transfer.pb.TransferMessages.Proof;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Opens streams at sources. The source proves first that it has the share's key, so a receiver
 * shows nothing of what it has to whoever merely answers.
 */
public final class SessionClient {
  private static final Set<KindCase> WELCOME = EnumSet.of(KindCase.WELCOME, KindCase.REFUSAL);
  private static final Set<KindCase> ANSWER =
      EnumSet.of(KindCase.ACCEPTED, KindCase.REFUSAL, KindCase.WAITING);
  private static final Set<KindCase> DECISION = EnumSet.of(KindCase.ACCEPTED, KindCase.REFUSAL);

  private final PeerId self;
  private final TimeSource time;
  private final SecureRandom random = new SecureRandom();

  /** Opens streams of this peer. */
  public SessionClient(PeerId self, TimeSource time) {
    this.self = self;
    this.time = time;
  }

  /**
   * Begins to follow a share.
   *
   * @param waiting is run when the source lets us know that a person is asked, which may take
   *     minutes
   * @throws RefusedException if the source does not have the share or does not let us have it
   * @throws SessionException if the peer does not keep to the protocol
   * @throws SocketTimeoutException if it takes too long
   */
  public FollowSession follow(Connection source, ShareAccess access, Runnable waiting)
      throws IOException {
    Opened opened = open(source, access, Purpose.FOLLOW, waiting);
    return new FollowSession(opened.stream(), opened.wire(), opened.acceptance());
  }

  /** Opens a stream for chunks; see {@link #follow}. */
  public DataSession data(Connection source, ShareAccess access, Runnable waiting)
      throws IOException {
    Opened opened = open(source, access, Purpose.DATA, waiting);
    opened.stream().setReadTimeout(TransferProtocol.SILENCE);
    return new DataSession(
        opened.stream(), opened.wire(), opened.acceptance(), opened.keys().boxKey());
  }

  private record Opened(Stream stream, Wire wire, Acceptance acceptance, SessionKeys keys) {}

  private Opened open(Connection source, ShareAccess access, Purpose purpose, Runnable waiting)
      throws IOException {
    Stream stream = source.open(TransferProtocol.ID);
    stream.setWriteTimeout(TransferProtocol.WRITE_TIMEOUT);
    var wire = new Wire(stream);
    try (var deadline = new Deadline(time, stream)) {
      try {
        deadline.set(TransferProtocol.OPENING);
        SessionKeys keys = prove(wire, stream.remotePeer(), access, purpose);
        FromSource answer = read(wire, ANSWER);
        if (answer.hasWaiting()) {
          deadline.set(TransferProtocol.APPROVAL);
          waiting.run();
          answer = read(wire, DECISION);
        }
        return new Opened(stream, wire, acceptance(answer, access), keys);
      } catch (IOException e) {
        stream.reset(0);
        throw deadline.passed() ? timedOut(e) : e;
      } catch (RuntimeException e) {
        stream.reset(0);
        throw e;
      }
    }
  }

  private SessionKeys prove(Wire wire, PeerId source, ShareAccess access, Purpose purpose)
      throws IOException {
    byte[] nonce = new byte[SessionKeys.NONCE_BYTES];
    random.nextBytes(nonce);
    wire.send(
        FromReceiver.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setShare(access.share().text())
                    .setNonce(ByteString.copyFrom(nonce)))
            .build());

    FromSource welcome = read(wire, WELCOME);
    byte[] sourceNonce = welcome.getWelcome().getNonce().toByteArray();
    if (sourceNonce.length != SessionKeys.NONCE_BYTES) {
      throw new SessionException("the peer sent a nonce of " + sourceNonce.length + " bytes");
    }
    SessionKeys keys =
        SessionKeys.derive(access.share(), access.key(), self, source, nonce, sourceNonce);
    if (!keys.provesSource(welcome.getWelcome().getProof().toByteArray())) {
      throw Refusals.unknown();
    }

    var proof =
        Proof.newBuilder()
            .setProof(ByteString.copyFrom(keys.receiverProof()))
            .setPurpose(
                switch (purpose) {
                  case FOLLOW -> Proof.Purpose.FOLLOW;
                  case DATA -> Proof.Purpose.DATA;
                });
    if (!source.equals(access.sharer())) {
      access.token().ifPresent(token -> proof.setToken(ByteString.copyFrom(token.toBytes())));
    }
    wire.send(FromReceiver.newBuilder().setProof(proof).build());
    return keys;
  }

  private static FromSource read(Wire wire, Set<KindCase> expected) throws IOException {
    FromSource message =
        wire.readFromSource(expected)
            .orElseThrow(() -> new EOFException("the peer ended the session as it began"));
    if (message.hasRefusal()) {
      throw Refusals.decode(message.getRefusal());
    }
    return message;
  }

  private static Acceptance acceptance(FromSource message, ShareAccess access)
      throws SessionException {
    Accepted accepted = message.getAccepted();
    PublicKey sharer;
    try {
      sharer = PublicKey.fromProtobuf(accepted.getSharer().toByteArray());
    } catch (MalformedException e) {
      throw new SessionException("the peer sent a key that is none", e);
    }
    if (!access.sharer().matches(sharer)) {
      throw new SessionException(
          "the peer serves a share of " + sharer.peerId() + ", not of " + access.sharer());
    }
    int tokenBytes = accepted.getToken().size();
    if (tokenBytes > Token.MAX_BYTES) {
      throw new SessionException("the peer sent a token of " + tokenBytes + " bytes");
    }
    return new Acceptance(
        sharer,
        Refusals.printable(accepted.getName()),
        Refusals.printable(accepted.getDescription()),
        tokenBytes == 0
            ? Optional.empty()
            : Optional.of(Token.of(accepted.getToken().toByteArray())));
  }

  private static IOException timedOut(Exception cause) {
    var timeout = new SocketTimeoutException("the peer took too long to begin the session");
    timeout.initCause(cause);
    return timeout;
  }
}
