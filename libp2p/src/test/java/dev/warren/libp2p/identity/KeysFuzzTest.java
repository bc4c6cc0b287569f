package dev.warren.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.multiformats.MalformedException;

class KeysFuzzTest {
  @FuzzTest
  void publicKeysAreReadOrRefused(byte[] input) {
    PublicKey key;
    try {
      key = PublicKey.fromProtobuf(input);
    } catch (MalformedException refused) {
      return;
    }
    assertThat(PublicKey.fromProtobuf(key.toProtobuf())).isEqualTo(key);
    assertThat(key.verify(input, input)).isFalse();
  }

  @FuzzTest
  void keyFilesAreReadOrRefused(byte[] input) {
    PrivateKey key;
    try {
      key = KeyFile.parse(input);
    } catch (MalformedException refused) {
      return;
    }
    assertThat(PrivateKey.fromProtobuf(key.toProtobuf())).isEqualTo(key);
    assertThat(key.publicKey().verify(input, key.sign(input))).isTrue();
  }
}
