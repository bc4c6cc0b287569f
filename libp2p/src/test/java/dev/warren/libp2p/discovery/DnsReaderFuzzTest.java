package dev.warren.libp2p.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.multiformats.MalformedException;

class DnsReaderFuzzTest {
  @FuzzTest
  void message(byte[] data) {
    DnsMessage message;
    try {
      message = DnsReader.read(data);
    } catch (MalformedException e) {
      return;
    }
    // Names come out longer than they were, where they were pointers.
    byte[] written = DnsWriter.write(message);
    if (written.length <= DnsReader.MAX_MESSAGE_BYTES) {
      assertThat(DnsReader.read(written)).isEqualTo(message);
    }
    for (Sighting sighting : Sighting.in(message, ServiceName.LIBP2P)) {
      assertThat(sighting.peer().isPresent()).isEqualTo(!sighting.addresses().isEmpty());
    }
  }
}
