package dev.warren.libp2p.security.noise;

import static dev.warren.libp2p.security.noise.ScriptedPeer.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import dev.warren.libp2p.security.noise.pb.NoiseHandshakePayload;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseTest {
  private static final PrivateKey ALICE = PrivateKey.generate(KeyType.ED25519);
  private static final PrivateKey BOB = PrivateKey.generate(KeyType.ED25519);
  private static final Noise NOISE = new Noise(ALICE, List.of("/yamux/1.0.0"));

  private record Channels(SecureChannel initiators, SecureChannel responders) {}

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void bothEndsLearnWhoTheOtherIs(KeyType type) throws Exception {
    PrivateKey responder = PrivateKey.generate(type);
    Channels channels =
        handshake(
            new Noise(ALICE, List.of()),
            Optional.of(responder.peerId()),
            new Noise(responder, List.of()));

    assertThat(channels.initiators.remotePeer()).isEqualTo(responder.peerId());
    assertThat(channels.initiators.remoteKey()).isEqualTo(responder.publicKey());
    assertThat(channels.responders.remotePeer()).isEqualTo(ALICE.peerId());
    assertThat(channels.responders.remoteKey()).isEqualTo(ALICE.publicKey());

    channels.initiators.write(new byte[] {1, 2, 3});
    channels.responders.write(new byte[] {4, 5});
    byte[] buffer = new byte[8];
    assertThat(channels.responders.read(buffer, 0, 8)).isEqualTo(3);
    assertThat(Arrays.copyOf(buffer, 3)).containsExactly(1, 2, 3);
    assertThat(channels.initiators.read(buffer, 0, 8)).isEqualTo(2);
    assertThat(Arrays.copyOf(buffer, 2)).containsExactly(4, 5);
  }

  @Test
  void aPeerThatIsNotKnownBeforehandIsAccepted() throws Exception {
    Channels channels = handshake(NOISE, Optional.empty(), new Noise(BOB, List.of("/yamux/1.0.0")));
    assertThat(channels.initiators.remotePeer()).isEqualTo(BOB.peerId());
  }

  @Test
  void oneInstanceSecuresManyConnections() throws Exception {
    Noise bob = new Noise(BOB, List.of("/yamux/1.0.0"));
    for (int i = 0; i < 3; i++) {
      assertThat(handshake(NOISE, Optional.of(BOB.peerId()), bob).initiators.earlyMuxer())
          .contains("/yamux/1.0.0");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a,     a,     a",
    "a b,   a b,   a",
    "a b,   b a,   a",
    "b a,   a b,   b",
    "x b a, a b,   b",
    "a,     x y a, a",
    "'',    '',    ''",
    "a,     '',    ''",
    "'',    a,     ''"
  })
  void theInitiatorsFirstCommonMuxerIsAgreedOn(String initiators, String responders, String agreed)
      throws Exception {
    Channels channels =
        handshake(
            new Noise(ALICE, words(initiators)),
            Optional.of(BOB.peerId()),
            new Noise(BOB, words(responders)));
    Optional<String> expected = agreed.isEmpty() ? Optional.empty() : Optional.of(agreed);
    assertThat(channels.initiators.earlyMuxer()).isEqualTo(expected);
    assertThat(channels.responders.earlyMuxer()).isEqualTo(expected);
  }

  @Test
  void bothEndsFailWhenTheyHaveNoMuxerInCommon() throws Exception {
    MemoryPipe pipe = new MemoryPipe();
    FutureTask<Throwable> responder =
        start(() -> failure(() -> new Noise(BOB, List.of("/b")).secureInbound(pipe.right())));
    HandshakeException initiators =
        failure(
            () -> new Noise(ALICE, List.of("/a")).secureOutbound(pipe.left(), Optional.empty()));
    assertThat(initiators.reason()).isEqualTo(Reason.NO_COMMON_MUXER);
    assertThat(((HandshakeException) responder.get()).reason()).isEqualTo(Reason.NO_COMMON_MUXER);
  }

  @Test
  void aStrangerIsRefusedBeforeItLearnsWhoDialed() {
    ScriptedPeer stranger = new ScriptedPeer(false);
    HandshakeException e = failure(() -> NOISE.secureOutbound(stranger, Optional.of(BOB.peerId())));
    assertThat(e.reason()).isEqualTo(Reason.WRONG_PEER);
    assertThat(e)
        .hasMessageContaining(BOB.peerId().toString())
        .hasMessageContaining(IDENTITY.peerId().toString());
    assertThat(stranger.framesReceived()).isEqualTo(1);
  }

  @Test
  void anotherPeersKeyWithoutItsSignatureIsRefused() {
    for (boolean initiator : new boolean[] {true, false}) {
      ScriptedPeer impostor = new ScriptedPeer(initiator);
      HandshakePayload own = ScriptedPeer.truth();
      ByteString victim = ByteString.copyFrom(BOB.publicKey().toProtobuf());
      impostor.saying(new HandshakePayload(victim, own.signature(), List.of()).encode());
      assertThat(failure(() -> secure(impostor, initiator, BOB.peerId())).reason())
          .isEqualTo(Reason.BAD_SIGNATURE);
    }
  }

  @Test
  void aSignatureOverAnotherStaticKeyIsRefused() {
    for (boolean initiator : new boolean[] {true, false}) {
      byte[] elsewhere = ScriptedPeer.payload(IDENTITY, KeyPair25519.generate()).encode();
      ScriptedPeer replaying = new ScriptedPeer(initiator).saying(elsewhere);
      assertThat(failure(() -> secure(replaying, initiator, IDENTITY.peerId())).reason())
          .isEqualTo(Reason.BAD_SIGNATURE);
    }
  }

  @Test
  void payloadsThatMakeNoSenseAreMalformed() {
    ByteString key = ByteString.copyFrom(IDENTITY.publicKey().toProtobuf());
    ByteString some = ByteString.copyFromUtf8("x");
    List<byte[]> payloads =
        List.of(
            new byte[0],
            new byte[] {1},
            NoiseHandshakePayload.newBuilder().setIdentityKey(key).build().toByteArray(),
            NoiseHandshakePayload.newBuilder().setIdentitySig(some).build().toByteArray(),
            new HandshakePayload(some, some, List.of()).encode(),
            new HandshakePayload(ByteString.EMPTY, some, List.of()).encode(),
            new HandshakePayload(key, some, Collections.nCopies(101, "/a")).encode());
    for (boolean initiator : new boolean[] {true, false}) {
      for (byte[] payload : payloads) {
        ScriptedPeer peer = new ScriptedPeer(initiator).saying(payload);
        assertThat(failure(() -> secure(peer, initiator, IDENTITY.peerId())).reason())
            .isEqualTo(Reason.MALFORMED);
      }
    }
  }

  @Test
  void dataInTheFirstMessageIsRefused() {
    ScriptedPeer early = new ScriptedPeer(true).sayingTooEarly(new byte[] {1});
    assertThat(failure(() -> NOISE.secureInbound(early)).reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void theScriptedPeerIsAcceptedWhenNothingIsWrongWithIt() throws Exception {
    assertThat(NOISE.secureInbound(new ScriptedPeer(true)).remotePeer())
        .isEqualTo(IDENTITY.peerId());
    assertThat(
            NOISE
                .secureOutbound(new ScriptedPeer(false), Optional.of(IDENTITY.peerId()))
                .remotePeer())
        .isEqualTo(IDENTITY.peerId());
  }

  @Test
  void whatFollowsTheHandshakeAtOnceIsNotLost() throws Exception {
    MemoryPipe pipe = new MemoryPipe();
    FutureTask<Void> initiator =
        start(
            () -> {
              SecureChannel channel = NOISE.secureOutbound(pipe.left(), Optional.empty());
              channel.write(new byte[100_000]);
              channel.closeWrite();
              return null;
            });
    SecureChannel channel = new Noise(BOB, List.of()).secureInbound(pipe.right());
    assertThat(channel.input().readAllBytes()).hasSize(100_000);
    initiator.get();
  }

  @Test
  void closingTheRawConnectionEndsABlockedHandshake() throws Exception {
    MemoryPipe pipe = new MemoryPipe();
    FutureTask<HandshakeException> inbound =
        start(() -> failure(() -> NOISE.secureInbound(pipe.right())));
    pipe.right().close();
    assertThat(inbound.get().reason()).isEqualTo(Reason.CLOSED);
  }

  private static Duplex secure(ScriptedPeer peer, boolean peerInitiates, PeerId expected)
      throws HandshakeException {
    return peerInitiates
        ? NOISE.secureInbound(peer)
        : NOISE.secureOutbound(peer, Optional.of(expected));
  }

  private static Channels handshake(Noise initiator, Optional<PeerId> expected, Noise responder)
      throws HandshakeException, ExecutionException, InterruptedException {
    MemoryPipe pipe = new MemoryPipe();
    FutureTask<SecureChannel> accepted = start(() -> responder.secureInbound(pipe.right()));
    SecureChannel dialed = initiator.secureOutbound(pipe.left(), expected);
    return new Channels(dialed, accepted.get());
  }

  private static HandshakeException failure(Callable<?> handshake) {
    HandshakeException e = catchThrowableOfType(HandshakeException.class, handshake::call);
    assertThat(e).as("the handshake fails").isNotNull();
    return e;
  }

  private static <T> FutureTask<T> start(Callable<? extends T> work) {
    FutureTask<T> task = new FutureTask<>(work::call);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
