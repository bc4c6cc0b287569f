package dev.warren.libp2p.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LengthPrefixedTest {
  private final MemoryPipe pipe = new MemoryPipe();

  @Test
  void givesBackWhatWasWritten() throws IOException {
    byte[] large = new byte[1_000];
    large[999] = 7;

    LengthPrefixed.write(pipe.left(), new byte[] {1, 2, 3});
    LengthPrefixed.write(pipe.left(), new byte[0]);
    LengthPrefixed.write(pipe.left(), large);
    pipe.left().closeWrite();

    assertThat(LengthPrefixed.read(pipe.right(), 1_000)).hasValue(new byte[] {1, 2, 3});
    assertThat(LengthPrefixed.read(pipe.right(), 1_000)).hasValue(new byte[0]);
    assertThat(LengthPrefixed.read(pipe.right(), 1_000)).hasValue(large);
    assertThat(LengthPrefixed.read(pipe.right(), 1_000)).isEmpty();
  }

  @Test
  void refusesLongMessagesBeforeTheyAreRead() throws IOException {
    pipe.left().write(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f});

    assertThatThrownBy(() -> LengthPrefixed.read(pipe.right(), 4_096))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than 4096");
  }

  @Test
  void tellsAnEndWithinAMessageFromOneBetweenTwo() throws IOException {
    pipe.left().write(new byte[] {3, 1});
    pipe.left().closeWrite();

    assertThatThrownBy(() -> LengthPrefixed.read(pipe.right(), 4_096))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void tellsAnEndWithinALengthFromOneBetweenTwoMessages() throws IOException {
    pipe.left().write(new byte[] {(byte) 0x80});
    pipe.left().closeWrite();

    assertThatThrownBy(() -> LengthPrefixed.read(pipe.right(), 4_096))
        .isInstanceOf(EOFException.class);
  }
}
