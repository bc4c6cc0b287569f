package dev.warren.sharecodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.multiformats.Multibase;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class ShareCodeFuzzTest {
  @FuzzTest
  void textsAreReadOrRefused(byte[] data) {
    requireReadOrRefused(new String(data, StandardCharsets.UTF_8));
  }

  @FuzzTest
  void wordsAreReadOrRefused(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    for (String completion : WordCode.completions(text)) {
      assertThat(completion).matches("[0-9]{4}(-[a-z]{4,8}){1,3}");
    }
    try {
      WordCode code = WordCode.parse(text);
      assertThat(WordCode.parse(code.toString())).isEqualTo(code);
    } catch (InvalidShareCodeException e) {
      requireUseful(e, text);
    }
  }

  /** With a right checksum, which no fuzzer would find. */
  @FuzzTest
  void compactTicketsAreReadOrRefused(byte[] content) {
    byte[] bytes = Arrays.copyOf(content, content.length + 4);
    byte[] checksum = Sha256.labelled("warren ticket checksum 1", content);
    System.arraycopy(checksum, 0, bytes, content.length, 4);
    requireReadOrRefused("warren:" + Multibase.BASE32.encodeBare(bytes));
  }

  @FuzzTest
  void jsonIsReadOrRefused(byte[] data) {
    requireReadOrRefused("{" + new String(data, StandardCharsets.UTF_8));
    requireReadOrRefused(Multibase.BASE64.encodeBare(data));
  }

  private static void requireReadOrRefused(String text) {
    try {
      ShareCode code = ShareCode.parse(text);
      assertThat(ShareCode.parse(code.toString())).isEqualTo(code);
      assertThat(code.redacted()).isNotEmpty();
      if (code instanceof Ticket ticket) {
        assertThat(ShareCode.parse(ticket.toBase64())).isEqualTo(ticket);
        assertThat(ticket.toQrText()).hasSizeLessThanOrEqualTo(Ticket.MAX_QR_CHARACTERS);
        assertThat(ticket.fullAddresses()).hasSameSizeAs(ticket.addresses());
      }
    } catch (InvalidShareCodeException e) {
      requireUseful(e, text);
    }
  }

  private static void requireUseful(InvalidShareCodeException e, String text) {
    assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(300);
    assertThat(e.position()).isBetween(0, text.length());
    assertThat(e.position() + e.length()).isLessThanOrEqualTo(text.length());
  }
}
