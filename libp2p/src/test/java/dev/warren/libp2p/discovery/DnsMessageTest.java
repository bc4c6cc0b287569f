package dev.warren.libp2p.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.discovery.DnsMessage.Data;
import dev.warren.libp2p.discovery.DnsMessage.Question;
import dev.warren.libp2p.discovery.DnsMessage.ResourceRecord;
import dev.warren.libp2p.multiformats.MalformedException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsMessageTest {
  private static final DnsName P2P = DnsName.of("_p2p._udp.local");
  private static final DnsName INSTANCE = P2P.child("abc");

  @Test
  void everyKindOfRecordComesBackAsItWas() {
    DnsMessage message =
        new DnsMessage(
            true,
            List.of(new Question(P2P, DnsMessage.TYPE_PTR)),
            List.of(new ResourceRecord(P2P, 120, new Data.Pointer(INSTANCE))),
            List.of(
                new ResourceRecord(INSTANCE, 0xffff_ffffL, new Data.Text(List.of("", "x=\u00ff"))),
                new ResourceRecord(
                    INSTANCE, 0, new Data.Service(65_535, DnsName.of("abc.p2p.local"))),
                new ResourceRecord(P2P, 1, new Data.Address(Bus.ip("192.0.2.1"))),
                new ResourceRecord(P2P, 1, new Data.Address(Bus.ip("2001:db8::1")))));

    assertThat(DnsReader.read(DnsWriter.write(message))).isEqualTo(message);
  }

  @Test
  void theQueryIsByteForByteTheOneOfTheSpecification() {
    byte[] query = DnsWriter.write(Instance.query(ServiceName.LIBP2P));

    assertThat(HexFormat.of().formatHex(query))
        .isEqualTo(
            "0000"
                + "0000"
                + "0001"
                + "0000"
                + "0000"
                + "0000" // one question
                + "045f703270"
                + "045f756470"
                + "056c6f63616c"
                + "00" // _p2p _udp local
                + "000c"
                + "0001"); // PTR IN
  }

  @Test
  void namesMayPointToEarlierOnes() {
    // Header, one answer: _p2p._udp.local PTR abc.<pointer to byte 12>
    byte[] bytes =
        bytes(
            "0000 8400 0000 0001 0000 0000",
            "045f703270 045f756470 056c6f63616c 00 000c 0001 00000078 0006 03616263 c00c");

    assertThat(DnsReader.read(bytes).answers())
        .containsExactly(new ResourceRecord(P2P, 120, new Data.Pointer(INSTANCE)));
  }

  @Test
  void namesAreTheSameInUpperAndLowerCase() {
    byte[] bytes =
        bytes("0000 0000 0001 0000 0000 0000", "045f503250 045f556470 054c4f43414c 00 000c 8001");

    assertThat(DnsReader.read(bytes).questions())
        .containsExactly(new Question(P2P, DnsMessage.TYPE_PTR));
  }

  @Test
  void aNameThatPointsToItselfIsRefused() {
    assertMalformed("0000 0000 0001 0000 0000 0000", "c00c 000c 0001");
  }

  @Test
  void namesThatPointToEachOtherAreRefused() {
    assertMalformed("0000 0000 0001 0000 0000 0000", "c00e c00c 000c 0001");
  }

  @Test
  void aNameThatGrowsAsItGoesInCirclesIsRefused() {
    assertMalformed("0000 0000 0001 0000 0000 0000", "03616263 c00c 000c 0001");
  }

  @Test
  void aNameOfMoreThan255BytesIsRefused() {
    assertMalformed(
        "0000 0000 0001 0000 0000 0000", ("3f" + "61".repeat(63)).repeat(4) + "00 000c 0001");
  }

  @Test
  void moreRecordsThanAnyAnswerHasAreRefusedBeforeTheyAreRead() {
    assertMalformed("0000 8400 0000 ffff ffff ffff");
  }

  @Test
  void aMessageThatIsTooLongIsRefused() {
    assertThatThrownBy(() -> DnsReader.read(new byte[DnsReader.MAX_MESSAGE_BYTES + 1]))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void everyTruncationOfAMessageIsRefused() {
    DnsMessage message =
        new DnsMessage(
            true,
            List.of(),
            List.of(new ResourceRecord(P2P, 120, new Data.Pointer(INSTANCE))),
            List.of(new ResourceRecord(INSTANCE, 120, new Data.Text(List.of("dnsaddr=")))));
    byte[] whole = DnsWriter.write(message);

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> DnsReader.read(part)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void aStringThatLeavesItsRecordIsRefused() {
    assertMalformed(
        "0000 8400 0000 0001 0000 0000", "00 0010 0001 00000078 0002 05 61", "00 00 00 00 00 00");
  }

  @Test
  void aNameThatLeavesItsRecordIsRefused() {
    assertMalformed("0000 8400 0000 0001 0000 0000", "00 000c 0001 00000078 0001 01 61 00");
  }

  @Test
  void recordsOfOtherTypesAndClassesAreSkipped() {
    byte[] bytes =
        bytes(
            "0000 8400 0000 0003 0000 0000",
            "00 002f 8001 00000078 0002 0102", // NSEC
            "00 0010 0003 00000078 0002 0161", // TXT of another class
            "00 0010 8001 00000078 0002 0161"); // TXT
    assertThat(DnsReader.read(bytes).answers())
        .containsExactly(
            new ResourceRecord(new DnsName(List.of()), 120, new Data.Text(List.of("a"))));
  }

  @Test
  void whatIsNeitherQueryNorPlainAnswerIsRefused() {
    assertMalformed("0000 2800 0000 0000 0000 0000"); // an update
    assertMalformed("0000 8403 0000 0000 0000 0000"); // "no such name"
  }

  private static void assertMalformed(String... hex) {
    assertThatThrownBy(() -> DnsReader.read(bytes(hex))).isInstanceOf(MalformedException.class);
  }

  private static byte[] bytes(String... hex) {
    return HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
  }
}
