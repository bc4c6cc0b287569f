package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class MultihashFuzzTest {
  @FuzzTest
  void bytes(byte[] data) {
    Multihash hash;
    try {
      hash = Multihash.fromBytes(data);
    } catch (MalformedException e) {
      return;
    }
    assertThat(hash.toBytes()).isEqualTo(data);
    assertThat(Multihash.of(hash.code(), hash.digest())).isEqualTo(hash);
    assertThat(Multibase.BASE58BTC.decodeBare(hash.toString())).isEqualTo(data);
  }
}
