package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class CidFuzzTest {
  @FuzzTest
  void bytes(byte[] data) {
    Cid cid;
    try {
      cid = Cid.fromBytes(data);
    } catch (MalformedException e) {
      return;
    }
    assertThat(cid.toBytes()).isEqualTo(data);
    assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
  }

  @FuzzTest
  void text(byte[] data) {
    Cid cid;
    try {
      cid = Cid.parse(new String(data, StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      return;
    }
    assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
    assertThat(Cid.fromBytes(cid.toBytes())).isEqualTo(cid);
  }
}
