package dev.warren.protocols.transfer.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.protocols.transfer.names.HostileNameException;
import java.io.IOException;

class SegmentFuzzTest {

  @FuzzTest
  void bodiesAreReadOrRefused(byte[] input) throws IOException {
    Segment segment;
    try {
      segment = SegmentCodec.decode(input);
    } catch (ManifestException | HostileNameException refused) {
      return;
    }
    assertThat(SegmentCodec.decode(SegmentCodec.encode(segment))).isEqualTo(segment);
  }

  @FuzzTest
  void manifestsAreReadOrRefused(FuzzedDataProvider input) {
    var reader = new ManifestReader();
    try {
      while (input.remainingBytes() > 0) {
        byte[] body = input.consumeBytes(input.consumeInt(0, 4096));
        reader.read(new SignedSegment(reader.nextIndex(), body, new byte[0]));
      }
    } catch (ManifestException | HostileNameException refused) {
      // as it should be
    }
    assertThat(reader.files()).isLessThanOrEqualTo(reader.entries());
  }
}
