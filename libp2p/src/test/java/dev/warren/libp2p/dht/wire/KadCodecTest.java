package dev.warren.libp2p.dht.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.pb.KadMessages.Message;
import dev.warren.libp2p.dht.wire.pb.KadMessages.Message.MessageType;
import dev.warren.libp2p.dht.wire.pb.KadMessages.Record;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KadCodecTest {
  private static final Target TARGET = Target.of(new byte[] {1, 2, 3});
  private static final Value VALUE = Value.of(new byte[] {4, 5, 6});

  private final Random random = new Random(1);

  @Test
  void requestsComeBackAsTheyWere() throws IOException {
    Contact contact = Contacts.random(random, "/ip4/11.0.0.1/tcp/4001");
    for (Request request :
        List.of(
            new Request.FindNode(TARGET),
            new Request.GetProviders(TARGET),
            new Request.AddProvider(TARGET, List.of(contact)),
            new Request.GetValue(TARGET),
            new Request.PutValue(TARGET, VALUE),
            new Request.Ping())) {
      assertThat(KadCodec.decodeRequest(KadCodec.encode(request))).isEqualTo(request);
    }
  }

  @Test
  void responsesComeBackAsTheyWere() throws IOException {
    var response =
        new Response(
            List.of(Contacts.random(random, "/ip4/11.0.0.1/tcp/4001")),
            List.of(Contacts.random(random), Contacts.random(random, "/dns4/example.com/tcp/1")),
            Optional.of(VALUE));
    var request = new Request.GetValue(TARGET);
    assertThat(KadCodec.decodeResponse(request, KadCodec.encode(request, response)))
        .isEqualTo(response);
  }

  /** By hand after the protobuf of the spec: type 4, key 010203. */
  @Test
  void findNodeIsWhatTheSpecSays() {
    assertThat(HexFormat.of().formatHex(KadCodec.encode(new Request.FindNode(TARGET))))
        .isEqualTo("0804" + "1203010203");
  }

  @Test
  void noResponseIsLongerThanRustAccepts() throws IOException {
    List<Contact> many =
        Stream.generate(() -> Contacts.random(random, addresses())).limit(500).toList();
    var request = new Request.GetProviders(TARGET);
    byte[] bytes =
        KadCodec.encode(request, new Response(many.subList(0, 20), many, Optional.empty()));
    assertThat(bytes).hasSizeLessThan(16 * 1024);
    Response response = KadCodec.decodeResponse(request, bytes);
    assertThat(response.closer()).isNotEmpty();
    assertThat(response.providers()).isNotEmpty();
  }

  @Test
  void peersThatCannotBeReadAreLeftOut() throws IOException {
    Contact good = Contacts.random(random, "/ip4/11.0.0.1/tcp/4001");
    Contact other = Contacts.random(random);
    byte[] bytes =
        Message.newBuilder()
            .setType(MessageType.FIND_NODE)
            .addCloserPeers(Message.Peer.newBuilder().setId(ByteString.copyFromUtf8("nobody")))
            .addCloserPeers(
                Message.Peer.newBuilder()
                    .setId(ByteString.copyFrom(good.peer().toBytes()))
                    .addAddrs(ByteString.copyFromUtf8("nowhere"))
                    .addAddrs(address("/ip4/11.0.0.2/tcp/1/p2p/" + other.peer()))
                    .addAddrs(address("/ip4/11.0.0.1/tcp/4001/p2p/" + good.peer())))
            .build()
            .toByteArray();
    assertThat(KadCodec.decodeResponse(new Request.FindNode(TARGET), bytes).closer())
        .containsExactly(good);
  }

  @Test
  void aValueUnderAnotherKeyIsNone() throws IOException {
    byte[] bytes =
        Message.newBuilder()
            .setType(MessageType.GET_VALUE)
            .setRecord(Record.newBuilder().setKey(ByteString.copyFromUtf8("other")))
            .build()
            .toByteArray();
    assertThat(KadCodec.decodeResponse(new Request.GetValue(TARGET), bytes).value()).isEmpty();
  }

  @Test
  void anAnswerToSomethingElseIsRefused() {
    byte[] bytes = KadCodec.encode(new Request.Ping(), Response.EMPTY);
    assertThatThrownBy(() -> KadCodec.decodeResponse(new Request.FindNode(TARGET), bytes))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void keysAndValuesThatAreTooLongAreRefused() {
    refused(message(MessageType.FIND_NODE));
    refused(message(MessageType.GET_VALUE).setKey(zeros(Target.MAX_BYTES + 1)));
    refused(message(MessageType.PUT_VALUE).setKey(zeros(1)));
    refused(
        message(MessageType.PUT_VALUE)
            .setKey(zeros(1))
            .setRecord(Record.newBuilder().setKey(zeros(2))));
    refused(
        message(MessageType.PUT_VALUE)
            .setRecord(
                Record.newBuilder()
                    .setKey(zeros(2))
                    .setValue(zeros(KadCodec.MAX_VALUE_BYTES + 1))));
    refused(message(MessageType.PING).setTypeValue(77));
  }

  @Test
  void framesFollowEachOtherUntilThePeerCloses() throws IOException {
    var pipe = new MemoryPipe();
    byte[] large = new byte[40_000];
    random.nextBytes(large);
    Frames.write(pipe.left(), VALUE.toBytes());
    Frames.write(pipe.left(), new byte[0]);
    Frames.write(pipe.left(), large);
    pipe.left().closeWrite();
    assertThat(Frames.read(pipe.right(), 40_000)).hasValue(VALUE.toBytes());
    assertThat(Frames.read(pipe.right(), 40_000)).hasValue(new byte[0]);
    assertThat(Frames.read(pipe.right(), 40_000)).hasValue(large);
    assertThat(Frames.read(pipe.right(), 40_000)).isEmpty();
  }

  @Test
  void aFrameThatIsAnnouncedTooLongIsRefusedBeforeItComes() throws IOException {
    for (String announced : List.of("8302", "ffffffffffffffff7f", "818001", "8000")) {
      var pipe = new MemoryPipe();
      pipe.left().write(HexFormat.of().parseHex(announced));
      assertThatThrownBy(() -> Frames.read(pipe.right(), 256))
          .as(announced)
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void aFrameThatIsCutOffIsAnError() throws IOException {
    for (String cut : List.of("80", "0301")) {
      var pipe = new MemoryPipe();
      pipe.left().write(HexFormat.of().parseHex(cut));
      pipe.left().closeWrite();
      assertThatThrownBy(() -> Frames.read(pipe.right(), 256)).isInstanceOf(EOFException.class);
    }
  }

  private static void refused(Message.Builder message) {
    byte[] bytes = message.build().toByteArray();
    assertThatThrownBy(() -> KadCodec.decodeRequest(bytes))
        .isInstanceOf(MalformedMessageException.class);
  }

  private static Message.Builder message(MessageType type) {
    return Message.newBuilder().setType(type);
  }

  private static ByteString zeros(int length) {
    return ByteString.copyFrom(new byte[length]);
  }

  private static ByteString address(String text) {
    return ByteString.copyFrom(Multiaddr.parse(text).toBytes());
  }

  private String[] addresses() {
    return Stream.generate(() -> "/ip4/11.0.0.%d/tcp/4001".formatted(random.nextInt(256)))
        .limit(100)
        .toArray(String[]::new);
  }
}
