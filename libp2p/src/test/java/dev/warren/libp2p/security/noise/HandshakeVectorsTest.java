package dev.warren.libp2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.security.HandshakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeVectorsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] NOTHING = {};

  record Message(String payload, String ciphertext) {}

  record Vector(String name, Map<String, String> values, List<Message> messages) {
    HandshakeState state(boolean initiator) {
      String who = initiator ? "init" : "resp";
      return new HandshakeState(
          initiator,
          HEX.parseHex(values.getOrDefault("prologue", "")),
          Keys.fromPrivate(values.getOrDefault(who + "_static", "")),
          Keys.fromPrivate(values.getOrDefault(who + "_ephemeral", "")));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void bothEndsSayAndUnderstandWhatIsPublished(Vector vector)
      throws HandshakeException, AEADBadTagException {
    HandshakeState initiator = vector.state(true);
    HandshakeState responder = vector.state(false);
    for (int i = 0; i < 3; i++) {
      Message message = vector.messages.get(i);
      HandshakeState writer = i % 2 == 0 ? initiator : responder;
      HandshakeState reader = i % 2 == 0 ? responder : initiator;
      byte[] written = writer.writeMessage(HEX.parseHex(message.payload));
      assertThat(HEX.formatHex(written)).isEqualTo(message.ciphertext);
      assertThat(HEX.formatHex(reader.readMessage(written))).isEqualTo(message.payload);
    }

    String hash = HEX.formatHex(initiator.handshakeHash());
    assertThat(HEX.formatHex(responder.handshakeHash())).isEqualTo(hash);
    assertThat(vector.values.getOrDefault("handshake_hash", hash)).isEqualTo(hash);

    HandshakeState.Ciphers initiators = initiator.split();
    HandshakeState.Ciphers responders = responder.split();
    for (int i = 3; i < vector.messages.size(); i++) {
      Message message = vector.messages.get(i);
      HandshakeState.Ciphers writer = i % 2 == 0 ? initiators : responders;
      HandshakeState.Ciphers reader = i % 2 == 0 ? responders : initiators;
      byte[] written = writer.sending().encrypt(NOTHING, HEX.parseHex(message.payload));
      assertThat(HEX.formatHex(written)).isEqualTo(message.ciphertext);
      assertThat(HEX.formatHex(reader.receiving().decrypt(NOTHING, written)))
          .isEqualTo(message.payload);
    }
  }

  static Stream<Vector> vectors() throws IOException {
    List<Vector> vectors = new ArrayList<>();
    for (String line : lines()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("vector")) {
        vectors.add(new Vector(words[1], new HashMap<>(), new ArrayList<>()));
      } else if (words[0].equals("message")) {
        vectors.getLast().messages.add(new Message(words[1], words[2]));
      } else {
        vectors.getLast().values.put(words[0], words[1]);
      }
    }
    return vectors.stream();
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = HandshakeVectorsTest.class.getResourceAsStream("xx-vectors.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }
}
