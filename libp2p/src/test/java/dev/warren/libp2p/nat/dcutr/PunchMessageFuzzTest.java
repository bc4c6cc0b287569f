package dev.warren.libp2p.nat.dcutr;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.IOException;

class PunchMessageFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void whateverAPeerSendsEndsInAMessageOrAnIoException(byte[] bytes) throws IOException {
    var pipe = new MemoryPipe(Math.max(1 << 16, bytes.length));
    pipe.left().write(bytes);
    pipe.left().closeWrite();
    try {
      PunchMessage.read(pipe.right());
    } catch (IOException expected) {
      // typed, as promised
    }
  }
}
