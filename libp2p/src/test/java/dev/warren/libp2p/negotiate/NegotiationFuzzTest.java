package dev.warren.libp2p.negotiate;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.IOException;
import java.util.List;

class NegotiationFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void whateverADialerSendsEndsInAProtocolOrAnIoException(byte[] bytes) throws IOException {
    try {
      MultistreamSelect.answer(fedWith(bytes), "/x"::equals);
    } catch (IOException expected) {
      // typed, as promised
    }
  }

  @FuzzTest(maxDuration = "30s")
  void whateverAListenerAnswersEndsInAProtocolOrAnIoException(byte[] bytes) throws IOException {
    try {
      MultistreamSelect.select(fedWith(bytes), List.of("/x", "/y"));
    } catch (IOException expected) {
      // typed, as promised
    }
  }

  private static Duplex fedWith(byte[] bytes) throws IOException {
    var pipe = new MemoryPipe(Math.max(1 << 16, bytes.length));
    pipe.left().write(bytes);
    pipe.left().closeWrite();
    return pipe.right();
  }
}
