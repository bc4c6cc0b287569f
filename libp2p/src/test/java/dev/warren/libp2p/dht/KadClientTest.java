package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KadClientTest {
  private final ManualTime time = new ManualTime();

  @Test
  void aQuestionThatIsGivenUpAtOnceDoesNotCount() throws Exception {
    assertThat(questionsAfterGivingUp(Duration.ZERO)).isZero();
  }

  @Test
  void aPeerThatHadItsTimeAndWasSilentCounts() throws Exception {
    assertThat(questionsAfterGivingUp(Duration.ofSeconds(9))).isOne();
  }

  /** Asks one who takes the connection and never says anything. */
  private long questionsAfterGivingUp(Duration wait) throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Host host = Host.builder().time(time).start()) {
      var client = new KadClient(host, "/test/kad/1.0.0");
      Contact contact =
          Contact.of(
              PrivateKey.generate(KeyType.ED25519).peerId(),
              List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort())));
      var call = new Call();
      Thread asking = Thread.startVirtualThread(() -> ask(client, contact, call));
      silent.accept();
      time.advance(wait);
      call.cancel();
      asking.join();
      assertThat(client.answers()).isZero();
      return client.questions();
    }
  }

  private static void ask(KadClient client, Contact contact, Call call) {
    try {
      client.ask(contact, new Request.FindNode(Target.of(contact.peer())), call);
    } catch (IOException _) {
      // as is expected
    }
  }
}
