package dev.warren.libp2p.negotiate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.negotiate.NegotiationException.Reason;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dialer's lazy side when the answer is slow, or is no. */
class LazyNegotiationTest {

  @Test
  void anAnswerOfWhichEveryByteComesLateIsUnderstoodInTheEnd() throws IOException {
    String longName = "/long" + "x".repeat(200); // two bytes of length
    var late = new LateDuplex(Messages.encode(Messages.HEADER, longName, "beyond"));
    var negotiation = MultistreamSelect.lazy(late, longName);
    int timeouts = 0;
    while (negotiation.available() == 0) {
      try {
        negotiation.awaitAnswer();
      } catch (SocketTimeoutException e) {
        timeouts++;
      }
    }
    assertThat(timeouts).isEqualTo(Messages.encode(Messages.HEADER, longName).length);
    assertThat(late.written()).as("the offer goes out once").isEqualTo(offer(longName));
    assertThat(late.available()).as("not a byte more is read").isEqualTo(8);
  }

  @Test
  void aRefusalIsForGoodAndWhatFollowsItIsNotTakenForAnAnswer() throws IOException {
    var duplex = new LateDuplex(Messages.encode(Messages.HEADER, "na", Messages.HEADER, "/x"));
    var negotiation = MultistreamSelect.lazy(duplex, "/x");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> awaitPatiently(negotiation))
          .isInstanceOfSatisfying(
              NegotiationException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.NOT_SUPPORTED))
          .hasMessageContaining("/x");
    }
    assertThatThrownBy(() -> negotiation.read(new byte[1], 0, 1))
        .isInstanceOf(NegotiationException.class);
  }

  @Test
  @Timeout(20)
  void aReaderIsAnsweredWhileMuchIsWrittenAtFirst() throws Exception {
    var pipe = new MemoryPipe(64 * 1024);
    var negotiation = MultistreamSelect.lazy(pipe.left(), "/x");
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try {
                negotiation.write(new byte[1_000_000]);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(pipe.right().input().read()).isPositive(); // it is being written
    pipe.right().write(Messages.encode(Messages.HEADER, "/x"));

    negotiation.awaitAnswer(); // and not stuck behind what nobody takes

    assertThat(pipe.right().input().readNBytes(1_000_000)).hasSize(1_000_000);
    writer.join();
  }

  private static void awaitPatiently(LazyNegotiation negotiation) throws IOException {
    while (true) {
      try {
        negotiation.awaitAnswer();
        return;
      } catch (SocketTimeoutException again) {
        // as its documentation says
      }
    }
  }

  private static byte[] offer(String protocol) {
    return Messages.encode(Messages.HEADER, protocol);
  }

  /** Every read first times out, and then yields a single byte. */
  private static final class LateDuplex implements Duplex {
    private final ByteArrayInputStream in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean due;

    LateDuplex(byte[] received) {
      in = new ByteArrayInputStream(received);
    }

    byte[] written() {
      return out.toByteArray();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      due = !due;
      if (due) {
        throw new SocketTimeoutException("nothing arrived in time");
      }
      return in.read(buffer, offset, 1);
    }

    @Override
    public int available() {
      return in.available();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      out.write(buffer, offset, length);
    }

    @Override
    public void closeWrite() {}

    @Override
    public void close() {}
  }
}
