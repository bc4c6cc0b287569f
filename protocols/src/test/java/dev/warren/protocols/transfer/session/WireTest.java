package dev.warren.protocols.transfer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import dev.warren.protocols.transfer.pb.TransferMessages.Follow;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Have;
import dev.warren.protocols.transfer.pb.TransferMessages.Peers;
import dev.warren.protocols.transfer.pb.TransferMessages.Receipt;
import dev.warren.protocols.transfer.pb.TransferMessages.Waiting;
import java.io.EOFException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static final EnumSet<FromReceiver.KindCase> FOLLOW =
      EnumSet.of(FromReceiver.KindCase.FOLLOW);
  private static final FromReceiver FROM_300 =
      FromReceiver.newBuilder().setFollow(Follow.newBuilder().setFromSegment(300)).build();

  private final MemoryPipe pipe = new MemoryPipe();
  private final Duplex peer = pipe.left();
  private final Wire wire = new Wire(pipe.right());

  @Test
  void messagesGoBehindTheirLengths() throws IOException {
    wire.send(FROM_300, FROM_300);
    byte[] sent = new byte[12];
    peer.readFully(sent, 0, sent.length);

    assertThat(HexFormat.of().formatHex(sent)).isEqualTo("051a0308ac02051a0308ac02");
  }

  @Test
  void messagesComeBackUntilThePeerCloses() throws IOException {
    new Wire(peer).send(FROM_300, FROM_300);
    peer.closeWrite();

    assertThat(wire.readFromReceiver(FOLLOW)).contains(FROM_300);
    assertThat(wire.readFromReceiver(FOLLOW)).contains(FROM_300);
    assertThat(wire.readFromReceiver(FOLLOW)).isEmpty();
  }

  @Test
  void aKindThatMayNotComeIsRefusedAtItsFirstByte() throws IOException {
    // A bitmap of 8 MiB where a session begins; nothing follows, so nothing can be waited for.
    peer.write(HexFormat.of().parseHex("80808004" + "32"));

    assertThatExceptionOfType(SessionException.class)
        .isThrownBy(() -> wire.readFromSource(EnumSet.of(FromSource.KindCase.WELCOME)))
        .withMessageContaining("may not come now");
  }

  @Test
  void aLengthThatTheKindMayNotHaveIsRefusedBeforeItIsRead() throws IOException {
    peer.write(HexFormat.of().parseHex("80808004" + "1a"));

    assertThatExceptionOfType(SessionException.class)
        .isThrownBy(() -> wire.readFromReceiver(FOLLOW))
        .withMessageContaining("8388608 bytes");
  }

  @Test
  void aKindThatHidesBehindAnotherIsRefused() throws IOException {
    byte[] receipt =
        FromReceiver.newBuilder().setReceipt(Receipt.getDefaultInstance()).build().toByteArray();
    byte[] follow = FROM_300.toByteArray();
    peer.write(new byte[] {(byte) (receipt.length + follow.length)});
    peer.write(follow);
    peer.write(receipt);

    assertThatExceptionOfType(SessionException.class)
        .isThrownBy(() -> wire.readFromReceiver(FOLLOW))
        .withMessageContaining("may not come now");
  }

  /** Millions of seeds that take two bytes each, within what a bitmap may take. */
  @Test
  void aKindDoesNotHideBehindOneThatMayBeLongerThoughBothMayCome() throws IOException {
    byte[] have = FromSource.newBuilder().setHave(Have.getDefaultInstance()).build().toByteArray();
    byte[] peers =
        FromSource.newBuilder().setPeers(Peers.getDefaultInstance()).build().toByteArray();
    peer.write(new byte[] {(byte) (have.length + peers.length)});
    peer.write(have);
    peer.write(peers);

    assertThatExceptionOfType(SessionException.class)
        .isThrownBy(
            () ->
                wire.readFromSource(
                    EnumSet.of(FromSource.KindCase.HAVE, FromSource.KindCase.PEERS)))
        .withMessageContaining("may not come now");
  }

  @Test
  void fieldsThatAreNotKnownAreNotKept() throws IOException {
    // A follow message that has field 9 besides its own.
    peer.write(HexFormat.of().parseHex("071a0508ac024807"));

    assertThat(wire.readFromReceiver(FOLLOW)).contains(FROM_300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "0118",
        "01ff",
        "8000",
        "ffffffffffffffffffff",
        "021a05",
        "021a00aa",
        "021a80",
        "031a0100",
        "041a030801"
      })
  void whatIsNoMessageIsRefused(String hex) throws IOException {
    peer.write(HexFormat.of().parseHex(hex));
    peer.closeWrite();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> {
              while (wire.readFromReceiver(FOLLOW).isPresent()) {
                // until what is wrong comes
              }
            });
  }

  @Test
  void anEndWithinAMessageIsNoEnd() throws IOException {
    peer.write(HexFormat.of().parseHex("051a0308"));
    peer.closeWrite();

    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> wire.readFromReceiver(FOLLOW));
  }

  @Test
  void messagesOfSourcesAreReadToo() throws IOException {
    var waiting = FromSource.newBuilder().setWaiting(Waiting.getDefaultInstance()).build();
    new Wire(peer).send(waiting);

    assertThat(wire.readFromSource(EnumSet.of(FromSource.KindCase.WAITING))).contains(waiting);
  }
}
