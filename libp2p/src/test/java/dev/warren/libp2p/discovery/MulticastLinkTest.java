package dev.warren.libp2p.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the sockets and interfaces of this machine. */
@Timeout(60)
class MulticastLinkTest {
  private static String unavailable = "no message came back";

  private final String subtype = UUID.randomUUID().toString();
  private final ServiceName service = LanProgram.service(subtype);

  /** Containers may forbid multicast, which is not what is tested here. */
  @BeforeAll
  static void tryMulticast() throws InterruptedException {
    BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    try (Link link = new MulticastLink((bytes, _) -> heard.add(bytes.length))) {
      for (Face face : link.faces()) {
        link.send(face, DnsWriter.write(Instance.query(LanProgram.service("try"))));
      }
      if (heard.poll(30, TimeUnit.SECONDS) != null) {
        unavailable = "";
      }
    } catch (IOException e) {
      unavailable = e.getMessage();
    }
  }

  @Test
  void nodesOfOneProcessFindEachOther() throws Exception {
    assumeMulticast();
    PeerId alice = peer();
    PeerId bob = peer();
    BlockingQueue<PeerId> byAlice = new LinkedBlockingQueue<>();
    BlockingQueue<PeerId> byBob = new LinkedBlockingQueue<>();
    try (MdnsDiscovery one = open(alice);
        MdnsDiscovery other = open(bob)) {
      one.announce(service);
      one.find(service, (peer, _) -> byAlice.add(peer));
      other.announce(service);
      other.find(service, (peer, _) -> byBob.add(peer));
      assertThat(byAlice.take()).isEqualTo(bob);
      assertThat(byBob.take()).isEqualTo(alice);
      assertThat(one.problem()).isEmpty();
    }
  }

  @Test
  void processesOfOneMachineFindEachOther() throws Exception {
    assumeMulticast();
    PeerId alice = peer();
    BlockingQueue<PeerId> byAlice = new LinkedBlockingQueue<>();
    try (MdnsDiscovery lan = open(alice)) {
      lan.announce(service);
      lan.find(service, (peer, _) -> byAlice.add(peer));
      Process bob = startProgram();
      try (BufferedReader out = bob.inputReader()) {
        String self = out.readLine();
        assertThat(self).isEqualTo("self " + byAlice.take());
        assertThat(out.readLine()).startsWith(alice.toString()).contains("/tcp/4001");
      } finally {
        bob.destroyForcibly();
      }
    }
  }

  private Process startProgram() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LanProgram.class.getName(),
            subtype)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void assumeMulticast() {
    assumeTrue(unavailable.isEmpty(), () -> "no multicast on this machine: " + unavailable);
  }

  private static MdnsDiscovery open(PeerId peer) {
    return MdnsDiscovery.open(peer, LanProgram::addresses, TimeSource.system());
  }

  private static PeerId peer() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }
}
