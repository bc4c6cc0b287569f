package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.FrameHeader.RST;
import static dev.warren.libp2p.mux.yamux.FrameHeader.SYN;
import static dev.warren.libp2p.mux.yamux.FrameType.DATA;
import static dev.warren.libp2p.mux.yamux.FrameType.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.transport.MemoryBudget;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.StreamResetException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for readers, of all streams together, is bounded. */
@Timeout(30)
class YamuxBufferTest {
  private final AtomicLong held = new AtomicLong();
  private final MemoryBudget host =
      new MemoryBudget() {
        @Override
        public boolean reserve(long bytes) {
          held.addAndGet(bytes);
          return true;
        }

        @Override
        public void release(long bytes) {
          held.addAndGet(-bytes);
        }
      };
  private final RawPeer peer = RawPeer.dialing(YamuxSettings.defaults().withBuffers(1_000, host));

  @Test
  void aStreamThatFindsNoRoomIsResetAndTheOthersGoOn() throws Exception {
    MuxedStream full = open(1, new byte[900]);
    MuxedStream refused = open(3, new byte[101]);
    assertThatThrownBy(() -> refused.read(new byte[1], 0, 1))
        .isInstanceOf(StreamResetException.class);
    RawPeer.Frame frame = peer.next();
    while (!frame.header().has(RST)) {
      frame = peer.next();
    }
    assertThat(frame.header().streamId()).isEqualTo(3);

    full.readFully(new byte[900], 0, 900);
    assertThat(held).hasValue(0);
    MuxedStream later = open(5, new byte[1_000]);
    later.readFully(new byte[1_000], 0, 1_000);
  }

  /** The rest of a frame may find the room that its beginning did not. */
  @Test
  void nobodyReadsWhatFollowsAGap() throws Exception {
    AtomicInteger refusals = new AtomicInteger(1);
    MemoryBudget tightAtFirst =
        new MemoryBudget() {
          @Override
          public boolean reserve(long bytes) {
            return refusals.getAndDecrement() <= 0 && host.reserve(bytes);
          }

          @Override
          public void release(long bytes) {
            host.release(bytes);
          }
        };
    RawPeer tight = RawPeer.dialing(YamuxSettings.defaults().withBuffers(1 << 20, tightAtFirst));
    tight.send(WINDOW_UPDATE, SYN, 1, 0);
    MuxedStream stream = tight.accept();
    tight.settle();
    tight.send(DATA, 0, 1, 3);
    tight.pipe.write(new byte[] {1});
    tight.pipe.write(new byte[] {2});

    assertThat(tight.next().is(WINDOW_UPDATE, RST, 1, 0)).isTrue();
    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOf(StreamResetException.class);
    tight.pipe.write(new byte[] {3});
    tight.settle();
    assertThat(held).hasValue(0);
  }

  @Test
  void roomIsGivenBackByReadingByClosingAndByTheEndOfTheConnection() throws Exception {
    MuxedStream read = open(1, new byte[100]);
    MuxedStream closed = open(3, new byte[200]);
    MuxedStream left = open(5, new byte[300]);
    peer.settle();
    assertThat(held).hasValue(600);
    read.readFully(new byte[40], 0, 40);
    assertThat(held).hasValue(560);
    closed.close();
    assertThat(held).hasValue(360);
    peer.pipe.close();
    peer.end();
    assertThat(held).hasValue(0);
    left.readFully(new byte[300], 0, 300); // what was received can still be read
    assertThat(held).hasValue(0);
  }

  private MuxedStream open(int id, byte[] payload) throws Exception {
    peer.sendData(SYN, id, payload);
    return peer.accept();
  }
}
