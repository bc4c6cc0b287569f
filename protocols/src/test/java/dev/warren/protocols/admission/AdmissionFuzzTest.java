package dev.warren.protocols.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;

class AdmissionFuzzTest {
  private static final int PLAIN_BYTES = SealedAdmission.BYTES - 16;

  /** The plain content is fuzzed: what is not sealed with the key gets no further than its tag. */
  @FuzzTest
  void admissionsAreReadOrRefused(byte[] input) {
    byte[] plain = Arrays.copyOf(input, PLAIN_BYTES);
    Admitted admitted;
    try {
      admitted = SealedAdmission.read(plain);
    } catch (IOException refused) {
      return;
    }
    assertThat(admitted.share().text()).hasSize(plain[0]);
    assertThat(plain).endsWith(admitted.key().toBytes());
  }
}
