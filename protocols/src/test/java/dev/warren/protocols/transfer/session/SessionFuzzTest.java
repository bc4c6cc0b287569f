package dev.warren.protocols.transfer.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.SignedEnvelope;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.TokenMessage;
import dev.warren.protocols.transfer.session.RefusedException.Reason;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;

class SessionFuzzTest {
  private static final EnumSet<FromSource.KindCase> SOURCE =
      EnumSet.complementOf(EnumSet.of(FromSource.KindCase.KIND_NOT_SET));
  private static final EnumSet<FromReceiver.KindCase> RECEIVER =
      EnumSet.complementOf(EnumSet.of(FromReceiver.KindCase.KIND_NOT_SET));
  private static final int MAX_INPUT = 1 << 20;

  private static final PrivateKey SHARER = PrivateKey.generate(KeyType.ED25519);
  private static final ShareId SHARE = new ShareId("ABC123");

  /** A hash of 32 zeros, which a seed can name. */
  private static final PeerId HOLDER =
      PeerId.fromBytes(ByteBuffer.allocate(34).put((byte) 0x12).put((byte) 32).array());

  @FuzzTest
  void whatSourcesSayIsReadOrRefused(byte[] input) {
    Wire wire = reading(input);
    try {
      Optional<FromSource> message = wire.readFromSource(SOURCE);
      while (message.isPresent()) {
        switch (message.get().getKindCase()) {
          case SEGMENT, HAVE, PEERS -> FollowCodec.decode(message.get());
          case REFUSAL -> Refusals.decode(message.get().getRefusal());
          default -> {
            // What a session begins with is read field by field where it is needed.
          }
        }
        message = wire.readFromSource(SOURCE);
      }
    } catch (IOException refused) {
      // as it should be
    }
  }

  @FuzzTest
  void whatReceiversSayIsReadOrRefused(byte[] input) {
    Wire wire = reading(input);
    try {
      Optional<FromReceiver> message = wire.readFromReceiver(RECEIVER);
      while (message.isPresent()) {
        switch (message.get().getKindCase()) {
          case FOLLOW, ANNOUNCE, RECEIPT -> FollowCodec.decode(message.get());
          case WANT -> {
            int[] wanted = WantCodec.decode(message.get().getWant());
            assertThat(wanted).hasSizeBetween(1, TransferProtocol.MAX_WANTED);
          }
          default -> {
            // as above
          }
        }
        message = wire.readFromReceiver(RECEIVER);
      }
    } catch (IOException refused) {
      // as it should be
    }
  }

  /** The payload is fuzzed: what the sharer has not signed gets no further than its signature. */
  @FuzzTest
  void tokensHoldOrAreRefused(byte[] payload) throws IOException {
    byte[] type = "/warren/transfer/1/token".getBytes(StandardCharsets.US_ASCII);
    byte[] token = SignedEnvelope.seal(SHARER, "warren-transfer-token", type, payload).toBytes();
    if (token.length > Token.MAX_BYTES) {
      return;
    }
    try {
      Token.of(token).check(SHARER.publicKey(), SHARE, HOLDER, Instant.EPOCH);
      TokenMessage message = TokenMessage.parseFrom(payload);
      assertThat(message.getShare()).isEqualTo(SHARE.text());
      assertThat(message.getReceiver().toByteArray()).isEqualTo(HOLDER.toBytes());
      assertThat(message.getExpires()).isPositive();
    } catch (RefusedException refused) {
      assertThat(refused.reason()).isIn(Reason.NOT_APPROVED, Reason.EXPIRED);
    }
  }

  private static Wire reading(byte[] input) {
    var pipe = new MemoryPipe(MAX_INPUT);
    try {
      pipe.left().write(input, 0, Math.min(input.length, MAX_INPUT));
      pipe.left().closeWrite();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new Wire(pipe.right());
  }
}
