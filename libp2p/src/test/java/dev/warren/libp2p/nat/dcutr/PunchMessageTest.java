package dev.warren.libp2p.nat.dcutr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.dcutr.PunchMessage.Connect;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.LengthPrefixed;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PunchMessageTest {
  private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/11.0.0.1/udp/4001/quic-v1");

  private final MemoryPipe pipe = new MemoryPipe();
  private final Duplex peer = pipe.left();
  private final Duplex own = pipe.right();

  @Test
  void bothMessagesComeBackAsTheyWereSent() throws Exception {
    new Connect(List.of(ADDRESS)).write(peer);
    new PunchMessage.Sync().write(peer);

    assertThat(PunchMessage.readConnect(own)).isEqualTo(new Connect(List.of(ADDRESS)));
    assertThat(PunchMessage.read(own)).isEqualTo(new PunchMessage.Sync());
  }

  /** Field 1 is the type (100, 300), field 2 an address: relay/DCUtR.md, "RPC messages". */
  @Test
  void theBytesAreThoseOfTheSpecification() throws Exception {
    new Connect(List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/4001"))).write(peer);
    new PunchMessage.Sync().write(peer);
    peer.closeWrite();

    assertThat(HexFormat.of().formatHex(own.input().readAllBytes()))
        .isEqualTo("0c" + "0864" + "1208" + "0401020304" + "060fa1" + "03" + "08ac02");
  }

  @Test
  void whatIsLongerThanFourKibibytesIsNotRead() throws Exception {
    LengthPrefixed.write(peer, new byte[PunchMessage.MAX_BYTES + 1]);

    assertThatThrownBy(() -> PunchMessage.read(own))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("4097");
  }

  @Test
  void ofManyAddressesTheFirstAreRead() throws Exception {
    var message = dev.warren.libp2p.nat.dcutr.pb.HolePunch.newBuilder();
    message.setType(dev.warren.libp2p.nat.dcutr.pb.HolePunch.Type.CONNECT);
    IntStream.range(1, 200)
        .mapToObj(port -> Multiaddr.parse("/ip4/11.0.0.1/tcp/" + port).toBytes())
        .forEach(it -> message.addObservedAddrs(com.google.protobuf.ByteString.copyFrom(it)));
    LengthPrefixed.write(peer, message.build().toByteArray());

    assertThat(PunchMessage.readConnect(own).addresses()).hasSize(PunchMessage.MAX_ADDRESSES);
  }

  @Test
  void anAddressOfAnUnknownKindIsLeftOut() throws Exception {
    LengthPrefixed.write(peer, HexFormat.of().parseHex("0864" + "1203" + "ffff7f"));

    assertThat(PunchMessage.readConnect(own).addresses()).isEmpty();
  }

  @Test
  void whatIsNoMessageIsRefused() throws Exception {
    LengthPrefixed.write(peer, new byte[] {(byte) 0xff, 1});
    LengthPrefixed.write(peer, HexFormat.of().parseHex("0801"));
    LengthPrefixed.write(peer, new byte[0]);
    new PunchMessage.Sync().write(peer);
    peer.closeWrite();

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> PunchMessage.read(own))
          .isInstanceOf(MalformedPunchMessageException.class);
    }
    assertThatThrownBy(() -> PunchMessage.readConnect(own))
        .isInstanceOf(MalformedPunchMessageException.class);
    assertThatThrownBy(() -> PunchMessage.read(own)).isInstanceOf(EOFException.class);
  }
}
