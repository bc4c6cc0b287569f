package dev.warren.libp2p.nat.relay;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.IOException;

class CircuitMessagesFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void whateverAPeerSendsEndsInAMessageOrAnIoException(byte[] bytes) throws IOException {
    var pipe = new MemoryPipe(Math.max(1 << 16, bytes.length));
    pipe.left().write(bytes);
    pipe.left().closeWrite();
    try {
      CircuitMessages.readHop(pipe.right());
      CircuitMessages.readStop(pipe.right());
    } catch (IOException expected) {
      // typed, as promised
    }
  }

  @FuzzTest(maxDuration = "30s")
  void whateverARelaySignsIsAVoucherOrNone(byte[] bytes) {
    try {
      Voucher.open(bytes);
    } catch (InvalidEnvelopeException expected) {
      // typed, as promised
    }
  }
}
