package dev.warren.libp2p.security.tls;

import static dev.warren.libp2p.security.tls.TestCertificate.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.security.tls.InvalidCertificateException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeerCertificateTest {
  private static final PrivateKey HOST = PrivateKey.generate(KeyType.ED25519);
  private static final String KEY_USAGE = "2.5.29.15";

  @ParameterizedTest
  @MethodSource("vectors")
  void theVectorsOfTheSpecificationAreJudgedAsItSays(String certificate, String peer)
      throws Exception {
    List<byte[]> chain = List.of(HexFormat.of().parseHex(certificate));
    if (peer.equals("-")) {
      assertRefused(Reason.BAD_HOST_SIGNATURE, chain, NOW);
    } else {
      assertThat(PeerCertificate.verify(chain, NOW).peerId()).hasToString(peer);
    }
  }

  static Stream<Arguments> vectors() throws IOException {
    try (InputStream in = PeerCertificateTest.class.getResourceAsStream("certificates.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> Arguments.of((Object[]) line.split(" ", 2)))
              .toList()
              .stream();
    }
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void aHostOfEveryKeyTypeProvesItselfByTheCertificateThatItMakes(KeyType type) throws Exception {
    PrivateKey host = PrivateKey.generate(type);
    X509Certificate certificate = HostCertificate.of(host).certificate();
    PublicKey proven = PeerCertificate.verify(List.of(certificate.getEncoded()), Instant.now());
    assertThat(proven).isEqualTo(host.publicKey());
  }

  @Test
  void twoCertificatesOfOneHostShareNoKey() {
    assertThat(HostCertificate.of(HOST).certificate().getPublicKey())
        .isNotEqualTo(HostCertificate.of(HOST).certificate().getPublicKey());
  }

  @Test
  void exactlyOneCertificateIsTaken() throws Exception {
    byte[] good = TestCertificate.ecdsa().hostKey(HOST).encode();
    assertThat(PeerCertificate.verify(List.of(good), NOW)).isEqualTo(HOST.publicKey());
    assertRefused(Reason.NOT_EXACTLY_ONE, List.of(), NOW);
    assertRefused(Reason.NOT_EXACTLY_ONE, List.of(good, good), NOW);
  }

  /** Those of rust-libp2p. */
  @Test
  void aCertificateNeedsNoNames() throws Exception {
    byte[] unnamed = TestCertificate.ecdsa().withoutNames().hostKey(HOST).encode();
    assertThat(PeerCertificate.verify(List.of(unnamed), NOW)).isEqualTo(HOST.publicKey());
    assertRefused(
        Reason.BAD_SELF_SIGNATURE,
        TestCertificate.ecdsa()
            .withoutNames()
            .hostKey(HOST)
            .signedBy(TestCertificate.ecdsa().key()));
  }

  @Test
  void certificatesOutsideTheirValidityAreRefused() throws Exception {
    Instant from = NOW.minusSeconds(10);
    Instant until = NOW.plusSeconds(10);
    byte[] certificate = TestCertificate.ecdsa().validBetween(from, until).hostKey(HOST).encode();
    assertThat(PeerCertificate.verify(List.of(certificate), from)).isNotNull();
    assertThat(PeerCertificate.verify(List.of(certificate), until)).isNotNull();
    assertRefused(Reason.OUTSIDE_VALIDITY, List.of(certificate), from.minusSeconds(1));
    assertRefused(Reason.OUTSIDE_VALIDITY, List.of(certificate), until.plusSeconds(1));
  }

  @Test
  void anExtensionThatIsUnknownMattersOnlyWhenItIsCritical() throws Exception {
    byte[] value = {3, 2, 7, (byte) 0x80};
    assertThat(verified(TestCertificate.ecdsa().hostKey(HOST).extension(KEY_USAGE, false, value)))
        .isEqualTo(HOST.publicKey());
    assertRefused(
        Reason.UNKNOWN_CRITICAL_EXTENSION,
        TestCertificate.ecdsa().hostKey(HOST).extension(KEY_USAGE, true, value));
  }

  @Test
  void theExtensionOfLibp2pMayBeCritical() throws Exception {
    TestCertificate certificate = TestCertificate.ecdsa();
    byte[] signature = HOST.sign(SignedKey.message(certificate.publicKey()));
    certificate.hostKey(HOST.publicKey().toProtobuf(), signature, true);
    assertThat(verified(certificate)).isEqualTo(HOST.publicKey());
  }

  @Test
  void aCertificateSignedWithAnotherKeyThanItsOwnIsRefused() throws Exception {
    TestCertificate certificate =
        TestCertificate.ecdsa().signedBy(TestCertificate.ecdsa().key()).hostKey(HOST);
    assertRefused(Reason.BAD_SELF_SIGNATURE, certificate);
  }

  @Test
  void certificatesOfOtherStrongAlgorithmsAreTaken() throws Exception {
    assertThat(
            verified(
                TestCertificate.of("RSA", 2048)
                    .signedBy("SHA256withRSA", "1.2.840.113549.1.1.11")
                    .hostKey(HOST)))
        .isEqualTo(HOST.publicKey());
    assertThat(
            verified(
                TestCertificate.of("EC", 384)
                    .signedBy("SHA384withECDSA", "1.2.840.10045.4.3.3")
                    .hostKey(HOST)))
        .isEqualTo(HOST.publicKey());
    assertThat(
            verified(
                TestCertificate.of("Ed25519", 255)
                    .signedBy("Ed25519", "1.3.101.112")
                    .hostKey(HOST)))
        .isEqualTo(HOST.publicKey());
  }

  @Test
  void ofPssTheHashCountsToo() throws Exception {
    var strong = new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    var weak = new PSSParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, 20, 1);
    assertThat(verified(TestCertificate.of("RSA", 2048).signedBy(strong).hostKey(HOST)))
        .isEqualTo(HOST.publicKey());
    assertRefused(
        Reason.UNSUPPORTED_ALGORITHM, TestCertificate.of("RSA", 2048).signedBy(weak).hostKey(HOST));
  }

  @Test
  void aWeakHashIsRefused() throws Exception {
    assertRefused(
        Reason.UNSUPPORTED_ALGORITHM,
        TestCertificate.ecdsa().signedBy("SHA1withECDSA", "1.2.840.10045.4.1").hostKey(HOST));
  }

  @Test
  void aCertificateWithoutHostKeyIsRefused() throws Exception {
    assertRefused(Reason.NO_HOST_KEY, TestCertificate.ecdsa());
    assertRefused(
        Reason.NO_HOST_KEY, TestCertificate.ecdsa().extension("1.2.3.4", false, new byte[] {5, 0}));
  }

  @Test
  void aHostKeyThatCannotBeReadIsRefused() throws Exception {
    TestCertificate certificate = TestCertificate.ecdsa();
    byte[] signature = HOST.sign(SignedKey.message(certificate.publicKey()));
    assertRefused(
        Reason.MALFORMED_HOST_KEY, certificate.hostKey(new byte[] {1, 2, 3}, signature, false));
    assertRefused(
        Reason.MALFORMED_HOST_KEY,
        TestCertificate.ecdsa().extension(SignedKey.EXTENSION_OID, false, new byte[] {5, 0}));
    byte[] oneElement = {0x30, 0x02, 0x04, 0x00};
    assertRefused(
        Reason.MALFORMED_HOST_KEY,
        TestCertificate.ecdsa().extension(SignedKey.EXTENSION_OID, false, oneElement));
  }

  @Test
  void aCertificateThatBorrowsTheHostKeyOfAnotherIsRefused() throws Exception {
    byte[] stolen = HOST.sign(SignedKey.message(TestCertificate.ecdsa().publicKey()));
    assertRefused(
        Reason.BAD_HOST_SIGNATURE,
        TestCertificate.ecdsa().hostKey(HOST.publicKey().toProtobuf(), stolen, false));
    PrivateKey thief = PrivateKey.generate(KeyType.ED25519);
    TestCertificate own = TestCertificate.ecdsa();
    byte[] signature = thief.sign(SignedKey.message(own.publicKey()));
    assertRefused(
        Reason.BAD_HOST_SIGNATURE, own.hostKey(HOST.publicKey().toProtobuf(), signature, false));
  }

  @Test
  void whatIsNoCertificateIsRefused() throws Exception {
    byte[] good = TestCertificate.ecdsa().hostKey(HOST).encode();
    assertRefused(Reason.MALFORMED, List.of(new byte[0]), NOW);
    assertRefused(Reason.MALFORMED, List.of(new byte[] {0x30, 0x03, 1, 2, 3}), NOW);
    assertRefused(Reason.MALFORMED, List.of(Arrays.copyOf(good, good.length - 1)), NOW);
    assertRefused(Reason.MALFORMED, List.of(Arrays.copyOf(good, good.length + 1)), NOW);
    assertRefused(Reason.MALFORMED, List.of(new byte[PeerCertificate.MAX_BYTES + 1]), NOW);
  }

  @Test
  void theDeprecatedUniqueIdsAreRefused() throws Exception {
    assertRefused(Reason.MALFORMED, TestCertificate.ecdsa().withUniqueId().hostKey(HOST));
  }

  private static PublicKey verified(TestCertificate certificate) throws Exception {
    return PeerCertificate.verify(List.of(certificate.encode()), NOW);
  }

  private static void assertRefused(Reason reason, TestCertificate certificate) throws Exception {
    assertRefused(reason, List.of(certificate.encode()), NOW);
  }

  private static void assertRefused(Reason reason, List<byte[]> chain, Instant now) {
    assertThatThrownBy(() -> PeerCertificate.verify(chain, now))
        .isInstanceOfSatisfying(
            InvalidCertificateException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
