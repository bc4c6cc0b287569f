package dev.warren.libp2p.nat.autonat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.nat.autonat.v2.pb.DialBack;
import dev.warren.libp2p.nat.autonat.v2.pb.DialBackResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.Message;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

class AutoNatMessagesFuzzTest {
  private static final PeerId PEER = PrivateKey.generate(KeyType.ED25519).peerId();
  private static final InetAddress OBSERVED = InetAddress.ofLiteral("11.0.0.1");
  private static final DialBackPolicy POLICY = new DialBackPolicy(false, _ -> true, List.of());

  @FuzzTest(maxDuration = "30s")
  void whateverAPeerSendsEndsInMessagesOrAnIoException(byte[] bytes) throws IOException {
    var pipe = new MemoryPipe(Math.max(1 << 16, bytes.length));
    pipe.left().write(bytes);
    pipe.left().closeWrite();
    try {
      Message second =
          AutoNatMessages.read(pipe.right(), Message.parser(), AutoNatMessages.MAX_V2_BYTES);
      POLICY.first(PEER, second.getDialRequest().getAddrsList(), OBSERVED);
      var first =
          AutoNatMessages.read(
              pipe.right(),
              dev.warren.libp2p.nat.autonat.v1.pb.Message.parser(),
              AutoNatMessages.MAX_V1_BYTES);
      POLICY.atObserved(PEER, first.getDial().getPeer().getAddrsList(), OBSERVED);
      AutoNatMessages.read(pipe.right(), DialBack.parser(), AutoNatMessages.MAX_DIAL_BACK_BYTES);
      AutoNatMessages.read(
          pipe.right(), DialBackResponse.parser(), AutoNatMessages.MAX_DIAL_BACK_BYTES);
    } catch (IOException expected) {
      // typed, as promised
    }
  }
}
