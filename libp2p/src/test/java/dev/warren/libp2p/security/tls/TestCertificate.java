package dev.warren.libp2p.security.tls;

import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/** Makes certificates of all kinds, most of them bad. */
public final class TestCertificate {
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

  private final KeyPair key;
  private final List<Extension> extensions = new ArrayList<>();
  private KeyPair signer;
  private String algorithm = "SHA256withECDSA";
  private String algorithmOid = ECDSA_WITH_SHA256;
  private Optional<PSSParameterSpec> pss = Optional.empty();
  private Instant from = NOW.minusSeconds(60);
  private Instant until = NOW.plusSeconds(60);
  private X500Name name = new X500Name("O=test");
  private boolean uniqueId;

  private TestCertificate(KeyPair key) {
    this.key = key;
    this.signer = key;
  }

  static TestCertificate of(String keyAlgorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(keyAlgorithm);
    generator.initialize(bits);
    return new TestCertificate(generator.generateKeyPair());
  }

  static TestCertificate ecdsa() throws GeneralSecurityException {
    return of("EC", 256);
  }

  /** A certificate that names one host and was signed by another. */
  public static HostCertificate claiming(PublicKey named, PrivateKey signer)
      throws GeneralSecurityException, IOException {
    Instant now = Instant.now();
    TestCertificate certificate =
        ecdsa().validBetween(now.minusSeconds(3_600), now.plusSeconds(3_600));
    byte[] signature = signer.sign(SignedKey.message(certificate.publicKey()));
    byte[] encoded = certificate.hostKey(named.toProtobuf(), signature, false).encode();
    var parsed =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encoded));
    return new HostCertificate(parsed, certificate.key.getPrivate());
  }

  TestCertificate validBetween(Instant first, Instant last) {
    from = first;
    until = last;
    return this;
  }

  TestCertificate signedBy(KeyPair other) {
    signer = other;
    return this;
  }

  TestCertificate signedBy(String name, String oid) {
    algorithm = name;
    algorithmOid = oid;
    return this;
  }

  TestCertificate signedBy(PSSParameterSpec parameters) {
    pss = Optional.of(parameters);
    return signedBy("RSASSA-PSS", "1.2.840.113549.1.1.10");
  }

  TestCertificate withoutNames() {
    name = new X500Name(new RDN[0]);
    return this;
  }

  TestCertificate withUniqueId() {
    uniqueId = true;
    return this;
  }

  TestCertificate extension(String oid, boolean critical, byte[] value) {
    extensions.add(new Extension(new ASN1ObjectIdentifier(oid), critical, value));
    return this;
  }

  TestCertificate hostKey(PrivateKey host) throws IOException {
    return hostKey(host.publicKey().toProtobuf(), host.sign(SignedKey.message(publicKey())), false);
  }

  TestCertificate hostKey(byte[] protobuf, byte[] signature, boolean critical) throws IOException {
    return extension(
        SignedKey.EXTENSION_OID, critical, new SignedKey(protobuf, signature).encode());
  }

  byte[] publicKey() {
    return key.getPublic().getEncoded();
  }

  KeyPair key() {
    return key;
  }

  byte[] encode() throws GeneralSecurityException, IOException {
    var oid = new ASN1ObjectIdentifier(algorithmOid);
    var algorithmId = new AlgorithmIdentifier(oid);
    if (pss.isPresent()) {
      var parameters = AlgorithmParameters.getInstance(algorithm);
      parameters.init(pss.get());
      algorithmId =
          new AlgorithmIdentifier(oid, ASN1Primitive.fromByteArray(parameters.getEncoded()));
    }
    var generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(7));
    generator.setSignature(algorithmId);
    generator.setIssuer(name);
    generator.setSubject(name);
    generator.setStartDate(new Time(Date.from(from)));
    generator.setEndDate(new Time(Date.from(until)));
    generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(publicKey()));
    if (uniqueId) {
      generator.setSubjectUniqueID(new DERBitString(new byte[] {1}));
    }
    if (!extensions.isEmpty()) {
      generator.setExtensions(new Extensions(extensions.toArray(new Extension[0])));
    }
    TBSCertificate toBeSigned = generator.generateTBSCertificate();
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(signer.getPrivate());
    if (pss.isPresent()) {
      signature.setParameter(pss.get());
    }
    signature.update(toBeSigned.getEncoded(ASN1Encoding.DER));
    return new DERSequence(
            new ASN1Encodable[] {toBeSigned, algorithmId, new DERBitString(signature.sign())})
        .getEncoded(ASN1Encoding.DER);
  }
}
