package dev.warren.libp2p.nat.portmap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;

/** Whatever a router, or who plays one, answers ends in a value or an IOException. */
class RouterAnswersFuzzTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @FuzzTest(maxDuration = "30s")
  void pcp(byte[] datagram) {
    try {
      PcpMessages.readAnnounce(datagram);
      PcpMessages.readMap(datagram, new byte[PcpMessages.NONCE_BYTES], PortMapping.Kind.UDP, 4001);
    } catch (IOException expected) {
      // typed, as promised
    }
  }

  @FuzzTest(maxDuration = "30s")
  void natPmp(byte[] datagram) {
    try {
      NatPmpMessages.readExternalAddress(datagram);
      NatPmpMessages.readMap(datagram, PortMapping.Kind.TCP, 4001);
    } catch (IOException expected) {
      // typed, as promised
    }
  }

  @FuzzTest(maxDuration = "30s")
  void search(byte[] datagram) {
    SsdpMessages.readLocation(datagram, HERE);
  }

  @FuzzTest(maxDuration = "30s")
  void description(byte[] xml) {
    try {
      UpnpService.find(
          LanXml.parse(xml).getDocumentElement(), URI.create("http://127.0.0.1/d"), HERE);
    } catch (IOException expected) {
      // typed, as promised
    }
  }
}
