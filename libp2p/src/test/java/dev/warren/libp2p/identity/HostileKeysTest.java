package dev.warren.libp2p.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.pb.KeyMessages;
import dev.warren.libp2p.multiformats.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that parse somewhere and must not be used here. */
class HostileKeysTest {
  private static final byte[] MESSAGE = "a message".getBytes(UTF_8);
  private static final BigInteger USUAL_EXPONENT = BigInteger.valueOf(65537);

  /** CVE-2023-39533. */
  @ParameterizedTest
  @ValueSource(ints = {1024, 2047, 8193, 8200, 9000})
  void rsaKeysOfUnusableSizesAreRefused(int bits) {
    byte[] key = rsa(oddNumber(bits), USUAL_EXPONENT);

    assertMalformed(KeyType.RSA, key, "bits");
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 3072, 4096, 8192})
  void rsaKeysOfUsableSizesAreTaken(int bits) {
    byte[] key = rsa(oddNumber(bits), USUAL_EXPONENT);

    assertThat(publicKey(KeyType.RSA, key).type()).isEqualTo(KeyType.RSA);
  }

  @Test
  void rsaExponentsThatCostTimeAreRefused() {
    BigInteger modulus = oddNumber(2048);

    for (BigInteger exponent :
        new BigInteger[] {oddNumber(2047), oddNumber(32), BigInteger.ONE, BigInteger.TEN}) {
      byte[] key = rsa(modulus, exponent);
      assertThatThrownBy(() -> publicKey(KeyType.RSA, key)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void rsaKeysInASecondEncodingAreRefused() throws IOException {
    AlgorithmIdentifier withoutParameters =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption);
    byte[] key =
        new SubjectPublicKeyInfo(
                withoutParameters, new RSAPublicKey(oddNumber(2048), USUAL_EXPONENT))
            .getEncoded(ASN1Encoding.DER);

    assertMalformed(KeyType.RSA, key, "encoding");
  }

  @Test
  void rsaPrivateKeysWhoseNumbersDoNotFitAreRefused() throws IOException {
    byte[] good =
        KeyMessages.PrivateKey.parseFrom(KeyVectors.privateKey(KeyType.RSA))
            .getData()
            .toByteArray();
    ASN1Sequence numbers = ASN1Sequence.getInstance(good);
    for (int i = 0; i < numbers.size(); i++) {
      var changed = numbers.toArray();
      BigInteger number = ASN1Integer.getInstance(changed[i]).getValue();
      changed[i] = new ASN1Integer(number.add(BigInteger.TWO));
      byte[] key = new DERSequence(changed).getEncoded(ASN1Encoding.DER);

      assertThatThrownBy(() -> privateKey(KeyType.RSA, key))
          .as("number %d", i)
          .isInstanceOf(MalformedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"P384", "P521"})
  void keysOfGoOnLargerCurvesAreTaken(String curve) {
    PrivateKey key = PrivateKey.fromProtobuf(KeyVectors.go(curve, "private"));

    assertThat(key.toProtobuf()).isEqualTo(KeyVectors.go(curve, "private"));
    assertThat(key.publicKey().toProtobuf()).isEqualTo(KeyVectors.go(curve, "public"));
    assertThat(key.publicKey().verify(MESSAGE, KeyVectors.go(curve, "signature"))).isTrue();
    assertThat(key.publicKey().verify(MESSAGE, key.sign(MESSAGE))).isTrue();
  }

  @Test
  void ecdsaPointsBesideTheCurveAreRefused() {
    byte[] key = data(KeyVectors.publicKey(KeyType.ECDSA));
    key[key.length - 1] ^= 1;

    assertMalformed(KeyType.ECDSA, key, "no point of its curve");
  }

  @Test
  void ecdsaKeysOnOtherCurvesAreRefused() throws IOException {
    X9ECParameters bitcoin = CustomNamedCurves.getByName("secp256k1");
    byte[] named =
        ecdsa(new X962Parameters(SECObjectIdentifiers.secp256k1), bitcoin.getG().getEncoded(false));
    byte[] spelledOut = ecdsa(new X962Parameters(bitcoin), bitcoin.getG().getEncoded(false));

    for (byte[] key : new byte[][] {named, spelledOut}) {
      assertThatThrownBy(() -> publicKey(KeyType.ECDSA, key))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void ecdsaPointsInCompressedFormAreRefused() throws IOException {
    byte[] point = CustomNamedCurves.getByName("secp256r1").getG().getEncoded(true);
    byte[] key = ecdsa(new X962Parameters(SECObjectIdentifiers.secp256r1), point);

    assertThatThrownBy(() -> publicKey(KeyType.ECDSA, key)).isInstanceOf(MalformedException.class);
  }

  @Test
  void secp256k1KeysBesideTheCurveAreRefused() {
    byte[] noPoint = new byte[33];
    noPoint[0] = 2;
    noPoint[32] = 5; // x³ + 7 has no root there
    byte[] noForm = new byte[33];
    byte[] infinity = new byte[1];

    for (byte[] key : new byte[][] {noPoint, noForm, infinity}) {
      assertThatThrownBy(() -> publicKey(KeyType.SECP256K1, key))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void secp256k1SecretsOutsideTheOrderAreRefused() {
    byte[] order = CustomNamedCurves.getByName("secp256k1").getN().toByteArray();

    assertThatThrownBy(() -> privateKey(KeyType.SECP256K1, new byte[32]))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(
            () -> privateKey(KeyType.SECP256K1, Arrays.copyOfRange(order, 1, order.length)))
        .isInstanceOf(MalformedException.class);
  }

  /** BIP 62: the twin of a valid signature is not a second valid signature. */
  @Test
  void secp256k1SignaturesWithAHighSAreRefused() throws IOException {
    PrivateKey key = PrivateKey.fromProtobuf(KeyVectors.privateKey(KeyType.SECP256K1));
    ASN1Sequence signature = ASN1Sequence.getInstance(key.sign(MESSAGE));
    BigInteger s = ASN1Integer.getInstance(signature.getObjectAt(1)).getValue();
    BigInteger twin = CustomNamedCurves.getByName("secp256k1").getN().subtract(s);
    byte[] malleated =
        new DERSequence(
                new org.bouncycastle.asn1.ASN1Encodable[] {
                  signature.getObjectAt(0), new ASN1Integer(twin)
                })
            .getEncoded(ASN1Encoding.DER);

    assertThat(key.publicKey().verify(MESSAGE, malleated)).isFalse();
  }

  @Test
  void ed25519KeysThatAreNoPointVerifyNothing() {
    byte[] noPoint = new byte[32];
    Arrays.fill(noPoint, (byte) 0xff);

    assertThat(publicKey(KeyType.ED25519, noPoint).verify(MESSAGE, new byte[64])).isFalse();
  }

  @Test
  void ed25519KeysInTheOlderFormAreTaken() {
    byte[] current = data(KeyVectors.privateKey(KeyType.ED25519));
    byte[] older = Arrays.copyOf(current, 96);
    System.arraycopy(current, 32, older, 64, 32);

    assertThat(privateKey(KeyType.ED25519, older))
        .isEqualTo(PrivateKey.fromProtobuf(KeyVectors.privateKey(KeyType.ED25519)));
    older[95] ^= 1;
    assertThatThrownBy(() -> privateKey(KeyType.ED25519, older))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("not its own");
  }

  @Test
  void privateKeysWithThePublicHalfofAnotherAreRefused() {
    byte[] ed25519 = data(KeyVectors.privateKey(KeyType.ED25519));
    ed25519[40] ^= 1;
    assertThatThrownBy(() -> privateKey(KeyType.ED25519, ed25519))
        .isInstanceOf(MalformedException.class);
    byte[] ecdsa = data(KeyVectors.privateKey(KeyType.ECDSA));
    ecdsa[ecdsa.length - 1] ^= 1;
    assertThatThrownBy(() -> privateKey(KeyType.ECDSA, ecdsa))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("not its own");
  }

  private static void assertMalformed(KeyType type, byte[] data, String message) {
    assertThatThrownBy(() -> publicKey(type, data))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(message);
  }

  private static BigInteger oddNumber(int bits) {
    return BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
  }

  private static byte[] rsa(BigInteger modulus, BigInteger exponent) {
    try {
      return new SubjectPublicKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
              new RSAPublicKey(modulus, exponent))
          .getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] ecdsa(X962Parameters curve, byte[] point) throws IOException {
    return new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), point)
        .getEncoded(ASN1Encoding.DER);
  }

  private static byte[] data(byte[] protobuf) {
    try {
      return KeyMessages.PublicKey.parseFrom(protobuf).getData().toByteArray();
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static PublicKey publicKey(KeyType type, byte[] data) {
    return PublicKey.fromProtobuf(message(type, data));
  }

  private static PrivateKey privateKey(KeyType type, byte[] data) {
    return PrivateKey.fromProtobuf(message(type, data));
  }

  /** Public and private keys look the same on the outside. */
  private static byte[] message(KeyType type, byte[] data) {
    return KeyMessages.PublicKey.newBuilder()
        .setType(type.toMessage())
        .setData(ByteString.copyFrom(data))
        .build()
        .toByteArray();
  }
}
