package dev.warren.sharecodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyCodeTest {
  private static final Vectors VECTORS = new Vectors(LegacyCodeTest.class, "vectors.properties");
  private static final ShareKey KEY = ShareKey.of(VECTORS.bytes("key"));
  private static final ShareId SHARE = new ShareId(VECTORS.text("share"));

  @Provide
  Arbitrary<LegacyCode> codes() {
    return Samples.legacyCodes();
  }

  @Property
  void everyCodeIsReadBack(@ForAll("codes") LegacyCode code) throws InvalidShareCodeException {
    assertThat(ShareCode.parse(code.toString())).isEqualTo(code);
  }

  @Test
  void textsAreThoseOfTheSpecification() throws InvalidShareCodeException {
    LegacyCode ip4 = new LegacyCode(SHARE, KEY, Multiaddr.parse("/ip4/203.0.113.1/tcp/45678"));
    LegacyCode ip6 = new LegacyCode(SHARE, KEY, Multiaddr.parse("/ip6/2001:db8::1/tcp/45678"));

    assertThat(ip4).hasToString(VECTORS.text("legacy"));
    assertThat(ip6).hasToString(VECTORS.text("legacy6"));
    assertThat(ShareCode.parse(VECTORS.text("legacy"))).isEqualTo(ip4);
    assertThat(ShareCode.parse(VECTORS.text("legacy6"))).isEqualTo(ip6);
  }

  @Test
  void theKeyMayBeUrlSafeAndUnpadded() throws InvalidShareCodeException {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 0xfb);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(key);

    assertThat(ShareCode.parse("ABC123:" + text + ":203.0.113.1:1"))
        .isInstanceOfSatisfying(
            LegacyCode.class, code -> assertThat(code.key().toBytes()).isEqualTo(key));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.256:1 | the address is not an IP address",
        "203.0.113:1 | the address is not an IP address",
        "example.com:1 | the address is not an IP address",
        "[203.0.113.1]:1 | the address is not an IP address",
        "[fe80::1%eth0]:1 | the address is not an IP address",
        "203.0.113.1:0 | the port is not one of 1 to 65535",
        "203.0.113.1:65536 | the port is none",
        "203.0.113.1:-1 | the port is not one of 1 to 65535",
        "203.0.113.1: | the port is not one of 1 to 65535",
      })
  void aWrongPartIsPointedAt(String endpoint, String message) {
    String before = "ABC123:" + Base64.getEncoder().encodeToString(KEY.toBytes()) + ":";

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> ShareCode.parse(before + endpoint))
        .withMessage(message)
        .satisfies(e -> assertThat(e.position()).isGreaterThanOrEqualTo(before.length()));
  }

  @Test
  void aWrongKeyIsNotQuoted() {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> ShareCode.parse("ABC123:AAECAwQFBgcICQoL:203.0.113.1:1"))
        .withMessage("an encryption key has 32 bytes, not 12")
        .satisfies(e -> assertThat(e.position()).isEqualTo(7))
        .satisfies(e -> assertThat(e.length()).isEqualTo(16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "a:b:c", "a:b:c:d:e", "a:b:2001:db8::1:80", "a:b:[::1:80", ":"})
  void otherColonsAreExplained(String text) {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> ShareCode.parse(text))
        .withMessageStartingWith("a code with colons is SHARECODE:ENCRYPTIONKEY:IP:PORT");
  }

  @Test
  void onlyAnIpAddressAndPortMakeACode() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LegacyCode(SHARE, KEY, Multiaddr.parse("/ip4/203.0.113.1/udp/1")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LegacyCode(SHARE, KEY, Multiaddr.parse("/dns/example.com/tcp/1")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LegacyCode(SHARE, KEY, Multiaddr.parse("/ip4/203.0.113.1/tcp/0")));
  }

  @Test
  void logsShowNoKey() {
    assertThat(new LegacyCode(SHARE, KEY, Multiaddr.parse("/ip6/::1/tcp/1")).redacted())
        .isEqualTo("ABC123:*:[::1]:1");
  }
}
