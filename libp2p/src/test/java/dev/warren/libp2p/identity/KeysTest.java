package dev.warren.libp2p.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.pb.KeyMessages;
import dev.warren.libp2p.multiformats.MalformedException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeysTest {
  private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

  @ParameterizedTest
  @EnumSource
  void privateKeysOfTheSpecificationGiveItsPublicKeys(KeyType type) {
    PrivateKey key = PrivateKey.fromProtobuf(KeyVectors.privateKey(type));

    assertThat(key.type()).isEqualTo(type);
    assertThat(key.publicKey().toProtobuf()).isEqualTo(KeyVectors.publicKey(type));
    assertThat(key.publicKey()).isEqualTo(PublicKey.fromProtobuf(KeyVectors.publicKey(type)));
  }

  @ParameterizedTest
  @EnumSource
  void privateKeysOfTheSpecificationAreWrittenAsTheyWereRead(KeyType type) {
    byte[] bytes = KeyVectors.privateKey(type);

    assertThat(PrivateKey.fromProtobuf(bytes).toProtobuf()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void generatedKeysSignAndComeBackFromTheirBytes(KeyType type) {
    PrivateKey key = PrivateKey.generate(type);
    PrivateKey again = PrivateKey.fromProtobuf(key.toProtobuf());
    PublicKey publicKey = PublicKey.fromProtobuf(key.publicKey().toProtobuf());

    assertThat(again).isEqualTo(key).hasSameHashCodeAs(key);
    assertThat(publicKey).isEqualTo(key.publicKey()).hasSameHashCodeAs(key.publicKey());
    assertThat(publicKey.verify(MESSAGE, again.sign(MESSAGE))).isTrue();
    assertThat(publicKey.verify("another".getBytes(UTF_8), again.sign(MESSAGE))).isFalse();
    assertThat(key).isNotEqualTo(PrivateKey.generate(type));
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureWithAnyByteChangedIsNoSignature(KeyType type) {
    PrivateKey key = PrivateKey.fromProtobuf(KeyVectors.privateKey(type));
    byte[] signature = key.sign(MESSAGE);

    for (int i = 0; i < signature.length; i++) {
      byte[] tampered = signature.clone();
      tampered[i] ^= 0x01;
      assertThat(key.publicKey().verify(MESSAGE, tampered)).as("byte %d", i).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void signaturesOfGoAreVerified(KeyType type) {
    PublicKey key = PublicKey.fromProtobuf(KeyVectors.publicKey(type));

    assertThat(key.verify(MESSAGE, KeyVectors.go(type.toString(), "signature"))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RSA")
  void signaturesOfRustAreVerified(KeyType type) {
    PublicKey key = PublicKey.fromProtobuf(KeyVectors.publicKey(type));

    assertThat(key.verify(MESSAGE, KeyVectors.rust(type, "signature"))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void garbageIsNoSignature(KeyType type) {
    PublicKey key = PublicKey.fromProtobuf(KeyVectors.publicKey(type));

    assertThat(key.verify(MESSAGE, new byte[0])).isFalse();
    assertThat(key.verify(MESSAGE, new byte[64])).isFalse();
    assertThat(key.verify(MESSAGE, new byte[512])).isFalse();
    assertThat(key.verify(MESSAGE, HexFormat.of().parseHex("3006020100020100"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void keysOfOtherTypesAreNotMistaken(KeyType type) {
    for (KeyType other : KeyType.values()) {
      byte[] data = data(KeyVectors.publicKey(other));
      if (other != type) {
        assertThatThrownBy(() -> PublicKey.fromProtobuf(message(type, data)))
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSecretIsNotPrinted(KeyType type) {
    byte[] bytes = KeyVectors.privateKey(type);
    PrivateKey key = PrivateKey.fromProtobuf(bytes);

    assertThat(key.toString()).isEqualTo("private " + type + " key of " + key.peerId());
  }

  @ParameterizedTest
  @EnumSource
  void truncatedKeysAreRefused(KeyType type) {
    byte[] publicKey = KeyVectors.publicKey(type);
    byte[] privateKey = KeyVectors.privateKey(type);
    int step = Math.max(1, publicKey.length / 64);
    for (int length = 0; length < publicKey.length; length += step) {
      byte[] cut = java.util.Arrays.copyOf(publicKey, length);
      assertThatThrownBy(() -> PublicKey.fromProtobuf(cut)).isInstanceOf(MalformedException.class);
    }
    for (int length = 0; length < privateKey.length; length += step) {
      byte[] cut = java.util.Arrays.copyOf(privateKey, length);
      assertThatThrownBy(() -> PrivateKey.fromProtobuf(cut)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void fieldsOfTheFutureAreIgnoredAndDoNotChangeTheId() {
    byte[] known = KeyVectors.publicKey(KeyType.ED25519);
    byte[] withMore = ByteString.copyFrom(known).concat(bytes("1a03666f6f")).toByteArray();

    PublicKey key = PublicKey.fromProtobuf(withMore);

    assertThat(key.toProtobuf()).isEqualTo(known);
    assertThat(key.peerId()).isEqualTo(PublicKey.fromProtobuf(known).peerId());
  }

  @Test
  void keysOfAnUnknownTypeAreRefused() {
    assertThatThrownBy(() -> PublicKey.fromProtobuf(bytes("08041200").toByteArray()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("known type");
  }

  @Test
  void oversizedInputIsRefusedUnread() {
    assertThatThrownBy(() -> PublicKey.fromProtobuf(new byte[PublicKey.MAX_PROTOBUF_BYTES + 1]))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("more than");
    assertThatThrownBy(() -> PrivateKey.fromProtobuf(new byte[PrivateKey.MAX_PROTOBUF_BYTES + 1]))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("more than");
  }

  private static byte[] data(byte[] protobuf) {
    try {
      return KeyMessages.PublicKey.parseFrom(protobuf).getData().toByteArray();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] message(KeyType type, byte[] data) {
    return KeyMessages.PublicKey.newBuilder()
        .setType(type.toMessage())
        .setData(ByteString.copyFrom(data))
        .build()
        .toByteArray();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
