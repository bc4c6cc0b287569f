package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.negotiate.MultistreamSelect;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.SecureChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NegotiatingChannelTest {
  private final Records records = new Records();
  private final SecureChannel channel =
      new NegotiatingChannel(
          records, MultistreamSelect.lazy(records, "/m"), new ManualTime(), Duration.ofSeconds(10));

  @Test
  void headerAndBodyOfAFrameShareARecordOnceTheOfferIsOut() throws IOException {
    channel.write(new byte[12], 12, new byte[100], 10, 50);
    int offer = 1 + "/multistream/1.0.0\n".length() + 1 + "/m\n".length();
    assertThat(records.lengths).containsExactly(offer + 12, 50);
    channel.write(new byte[20], 12, new byte[100], 10, 50);
    assertThat(records.lengths).containsExactly(offer + 12, 50, 62);
  }

  /** Notes the length of every record that is written. */
  private static final class Records implements SecureChannel {
    private final PublicKey key = PrivateKey.generate(KeyType.ED25519).publicKey();
    private final List<Integer> lengths = new ArrayList<>();

    @Override
    public void write(byte[] buffer, int offset, int length) {
      lengths.add(length);
    }

    @Override
    public void write(byte[] header, int headerLength, byte[] body, int offset, int length) {
      lengths.add(headerLength + length);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return -1;
    }

    @Override
    public ByteBuffer receive() {
      return ByteBuffer.allocate(0);
    }

    @Override
    public void closeWrite() {}

    @Override
    public void close() {}

    @Override
    public PeerId remotePeer() {
      return key.peerId();
    }

    @Override
    public PublicKey remoteKey() {
      return key;
    }

    @Override
    public Optional<String> earlyMuxer() {
      return Optional.empty();
    }
  }
}
