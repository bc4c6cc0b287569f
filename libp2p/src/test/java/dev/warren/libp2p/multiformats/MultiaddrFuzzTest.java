package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class MultiaddrFuzzTest {
  @FuzzTest
  void bytes(byte[] data) {
    Multiaddr address;
    try {
      address = Multiaddr.fromBytes(data);
    } catch (MalformedException e) {
      return;
    }
    assertThat(address.toBytes()).isEqualTo(data);
    assertConsistent(address);
  }

  @FuzzTest
  void text(byte[] data) {
    Multiaddr address;
    try {
      address = Multiaddr.parse(new String(data, StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      return;
    }
    assertThat(Multiaddr.fromBytes(address.toBytes())).isEqualTo(address);
    assertConsistent(address);
  }

  private static void assertConsistent(Multiaddr address) {
    assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
    Multiaddr rebuilt = Multiaddr.EMPTY;
    for (Multiaddr.Component component : address.components()) {
      rebuilt = rebuilt.with(component.protocol(), component.value());
    }
    assertThat(rebuilt).isEqualTo(address);
    assertThat(address.protocols()).hasSameSizeAs(address.components());
    address.ip();
    address.port();
    address.peer().ifPresent(peer -> assertThat(address.value(Protocol.P2P)).isPresent());
    assertThat(address.withoutPeer().toBytes().length)
        .isLessThanOrEqualTo(address.toBytes().length);
  }
}
