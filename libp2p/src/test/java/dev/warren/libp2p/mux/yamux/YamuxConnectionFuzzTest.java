package dev.warren.libp2p.mux.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.MuxedStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class YamuxConnectionFuzzTest {
  private static final int MAX_STREAMS = 16;

  @FuzzTest
  void whateverThePeerSendsTheConnectionEndsForAReasonAndLeavesNothing(byte[] input)
      throws Exception {
    run(input, false);
    run(input, true);
  }

  private static void run(byte[] input, boolean initiator) throws IOException {
    ManualTime time = new ManualTime();
    Pipe[] ends = Pipe.pair(Math.max(1 << 20, input.length));
    YamuxConnection connection =
        new YamuxConnection(
            ends[0],
            YamuxSettings.defaults().withMaxStreams(MAX_STREAMS, MAX_STREAMS),
            new SpareBlocks(),
            time,
            initiator);
    List<MuxedStream> streams = new ArrayList<>();
    for (int i = 0; i < 3; i++) { // so that there is something for frames to be about
      MuxedStream ours = connection.openStream();
      ours.write(new byte[i]);
      ours.closeWrite();
      streams.add(ours);
    }
    ends[1].write(input, 0, input.length);
    ends[1].closeWrite();

    IOException end =
        connection.run(
            stream -> {
              assertThat(connection.streamCount()).isLessThanOrEqualTo(2 * MAX_STREAMS);
              streams.add(stream);
              switch (streams.size() % 5) {
                case 0 -> stream.reset(1);
                case 1 -> stream.closeRead();
                case 2 -> stream.close();
                default -> {}
              }
              return streams.size() % 7 != 0;
            });

    assertThat(end)
        .isInstanceOfAny(
            ConnectionClosedException.class,
            YamuxViolationException.class,
            GoAwayException.class,
            EOFException.class);
    assertThat(connection.streamCount()).isZero();
    assertThat(time.timers()).isZero();
    streams.forEach(YamuxConnectionFuzzTest::drain);
  }

  /** No read may block once the connection has ended, nor give more than a window. */
  private static void drain(MuxedStream stream) {
    byte[] bytes = new byte[4_096];
    int total = 0;
    try {
      for (int n = stream.read(bytes, 0, bytes.length);
          n >= 0;
          n = stream.read(bytes, 0, bytes.length)) {
        total += n;
      }
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
    assertThat(total).isLessThanOrEqualTo(ReceiveWindow.INITIAL_BYTES);
  }
}
