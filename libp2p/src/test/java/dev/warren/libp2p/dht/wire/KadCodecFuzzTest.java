package dev.warren.libp2p.dht.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

class KadCodecFuzzTest {
  private static final Request REQUEST = new Request.GetValue(Target.of(new byte[] {1}));

  @FuzzTest(maxDuration = "30s")
  void whateverAPeerAsksIsReadTheSameAgainOrRefused(byte[] bytes) throws IOException {
    Request request;
    try {
      request = KadCodec.decodeRequest(bytes);
    } catch (MalformedMessageException expected) {
      return; // typed, as promised
    }
    byte[] encoded = KadCodec.encode(request);
    if (!Arrays.equals(KadCodec.encode(KadCodec.decodeRequest(encoded)), encoded)) {
      throw new AssertionError("another request after encoding it: " + request);
    }
  }

  @FuzzTest(maxDuration = "30s")
  void whateverAPeerAnswersIsReadOrRefused(byte[] bytes) {
    try {
      KadCodec.decodeResponse(REQUEST, bytes);
    } catch (MalformedMessageException expected) {
      // typed, as promised
    }
  }

  @FuzzTest(maxDuration = "30s")
  void whateverComesInAStreamIsReadOrRefused(byte[] bytes) throws IOException {
    var pipe = new MemoryPipe(Math.max(1 << 16, bytes.length));
    pipe.left().write(bytes);
    pipe.left().closeWrite();
    try {
      Optional<byte[]> frame = Optional.of(bytes);
      while (frame.isPresent()) {
        frame = Frames.read(pipe.right(), KadCodec.MAX_REQUEST_BYTES);
      }
    } catch (IOException expected) {
      // typed, as promised
    }
  }
}
