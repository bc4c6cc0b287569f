package dev.warren.libp2p.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.transport.ConnectionClosedException;
import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MemoryPipeTest {
  @Property(tries = 200)
  void allBytesArriveInOrderThroughAnyCapacity(
      @ForAll @Size(max = 5_000) byte[] bytes, @ForAll @IntRange(min = 1, max = 700) int capacity)
      throws Exception {
    var pipe = new MemoryPipe(capacity);
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try {
                pipe.left().write(bytes);
                pipe.left().closeWrite();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(pipe.right().input().readAllBytes()).isEqualTo(bytes);
    writer.join();
  }

  @Test
  void closingOneEndFailsTheOthersWritesAndEndsItsReads() throws IOException {
    var pipe = new MemoryPipe();
    pipe.left().write(new byte[] {1});
    pipe.left().close();
    assertThat(pipe.right().input().readAllBytes()).containsExactly(1);
    assertThatThrownBy(() -> pipe.right().write(new byte[1]))
        .isInstanceOf(ConnectionClosedException.class);
  }

  @Test
  void closingReleasesAWriterThatWaitsForRoom() throws Exception {
    var pipe = new MemoryPipe(4);
    byte[] tooMuch = new byte[100];
    Arrays.fill(tooMuch, (byte) 1);
    var failure = new Throwable[1];
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try {
                pipe.left().write(tooMuch);
              } catch (IOException e) {
                failure[0] = e;
              }
            });
    pipe.right().readFully(new byte[4], 0, 4);
    pipe.right().close();
    writer.join();
    assertThat(failure[0]).isInstanceOf(ConnectionClosedException.class);
  }
}
