package dev.warren.libp2p.security.tls;

import static dev.warren.libp2p.security.tls.TestCertificate.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;

class PeerCertificateFuzzTest {

  @FuzzTest
  void certificatesAreTakenOrRefused(byte[] input) {
    verify(input);
  }

  /** Behind a good signature, where a fuzzer would never get on its own. */
  @FuzzTest
  void hostKeysAreTakenOrRefused(byte[] input) throws GeneralSecurityException, IOException {
    verify(TestCertificate.ecdsa().extension(SignedKey.EXTENSION_OID, false, input).encode());
  }

  private static void verify(byte[] certificate) {
    try {
      assertThat(PeerCertificate.verify(List.of(certificate), NOW)).isNotNull();
    } catch (InvalidCertificateException refused) {
      assertThat(refused.reason()).isNotNull();
    }
  }
}
