package dev.warren.sharecodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multibase;
import dev.warren.libp2p.multiformats.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTest {
  private static final Vectors VECTORS = new Vectors(TicketTest.class, "vectors.properties");
  private static final PeerId PEER = PeerId.parse(VECTORS.text("peer"));
  private static final String RELAY = VECTORS.text("relay");
  private static final Ticket TICKET =
      new Ticket(
          PEER,
          List.of(
              Multiaddr.parse("/ip4/192.168.1.100/tcp/45678"),
              Multiaddr.parse("/ip4/203.0.113.1/tcp/45678"),
              Multiaddr.parse("/ip4/198.51.100.7/tcp/4001/p2p/" + RELAY + "/p2p-circuit")),
          ShareKey.of(VECTORS.bytes("key")),
          new ShareId(VECTORS.text("share")));

  @Provide
  Arbitrary<Ticket> tickets() {
    return Samples.tickets();
  }

  @Test
  void theShareHasAKeyOfItsOwn() {
    assertThat(TICKET.share().rendezvousKey(PEER))
        .isEqualTo(VECTORS.bytes("share_rendezvous_key"))
        .isNotEqualTo(TICKET.share().rendezvousKey(PeerId.parse(RELAY)));
  }

  @Test
  void textsAreThoseOfTheSpecification() throws InvalidShareCodeException {
    assertThat(TICKET).hasToString(VECTORS.text("compact"));
    assertThat(TICKET.toBase64()).isEqualTo(VECTORS.text("json_base64"));
    assertThat(Ticket.parse(VECTORS.text("compact"))).isEqualTo(TICKET);
    assertThat(Ticket.parse(VECTORS.text("json_base64"))).isEqualTo(TICKET);
    assertThat(Ticket.parse(VECTORS.text("json"))).isEqualTo(TICKET);
  }

  @Property
  void everyTicketIsReadBackFromEitherText(@ForAll("tickets") Ticket ticket)
      throws InvalidShareCodeException {
    assertThat(Ticket.parse(ticket.toString())).isEqualTo(ticket);
    assertThat(Ticket.parse(ticket.toBase64())).isEqualTo(ticket);
    assertThat(Ticket.parse(ticket.toString().toUpperCase(Locale.ROOT))).isEqualTo(ticket);
  }

  @Property
  void everyBase64IsRead(@ForAll("tickets") Ticket ticket) throws InvalidShareCodeException {
    byte[] json = Base64.getDecoder().decode(ticket.toBase64());

    assertThat(Ticket.parse(Base64.getUrlEncoder().encodeToString(json))).isEqualTo(ticket);
    assertThat(Ticket.parse(Base64.getEncoder().withoutPadding().encodeToString(json)))
        .isEqualTo(ticket);
    assertThat(Ticket.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(json)))
        .isEqualTo(ticket);
    assertThat(Ticket.parse(Base64.getMimeEncoder().encodeToString(json))).isEqualTo(ticket);
  }

  @Property
  void aChangedCharacterOfTheCompactTextIsFound(
      @ForAll("tickets") Ticket ticket, @ForAll @IntRange(max = 10_000) int place) {
    String text = ticket.toString();
    int at = Ticket.SCHEME.length() + place % (text.length() - Ticket.SCHEME.length());
    char other = text.charAt(at) == 'q' ? 'r' : 'q';

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(text.substring(0, at) + other + text.substring(at + 1)));
  }

  @Property
  void aCutTicketIsRefused(
      @ForAll("tickets") Ticket ticket, @ForAll @IntRange(min = 1, max = 60) int dropped) {
    String text = ticket.toString();
    String base64 = ticket.toBase64();

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(text.substring(0, text.length() - dropped)));
    // Base64 has no checksum, but JSON shows its end; what is dropped may be padding alone.
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(base64.substring(0, base64.length() - dropped - 2)));
  }

  @Property
  void theTextForAQrCodeFitsAndHasNothingButItsCharacters(@ForAll("tickets") Ticket ticket)
      throws InvalidShareCodeException {
    String text = ticket.toQrText();
    Ticket read = Ticket.parse(text);

    assertThat(text).hasSizeLessThanOrEqualTo(Ticket.MAX_QR_CHARACTERS).matches("[A-Z0-9:]+");
    assertThat(read.key()).isEqualTo(ticket.key());
    assertThat(read.share()).isEqualTo(ticket.share());
    assertThat(read.peer()).isEqualTo(ticket.peer());
    assertThat(ticket.addresses()).containsSubsequence(read.addresses());
  }

  @Test
  void aTicketThatFitsIsWholeInItsQrCode() throws InvalidShareCodeException {
    assertThat(Ticket.parse(TICKET.toQrText())).isEqualTo(TICKET);
  }

  @Test
  void theLeastUsefulAddressesAreLeftOutOfAQrCode() throws InvalidShareCodeException {
    List<Multiaddr> loopbacks = addresses("/ip4/127.0.0.%d/tcp/4001", 10);
    List<Multiaddr> locals = addresses("/ip4/192.168.0.%d/tcp/4001", 10);
    List<Multiaddr> publics = addresses("/ip4/203.0.113.%d/udp/4001/quic-v1", 8);
    Multiaddr relayed = Multiaddr.parse("/ip4/198.51.100.7/tcp/4001/p2p/" + RELAY + "/p2p-circuit");
    List<Multiaddr> all =
        Stream.of(loopbacks, locals, publics, List.of(relayed)).flatMap(List::stream).toList();
    Ticket ticket = new Ticket(PEER, all, TICKET.key(), TICKET.share());

    List<Multiaddr> kept = Ticket.parse(ticket.toQrText()).addresses();

    assertThat(kept)
        .contains(locals.getFirst(), publics.getFirst(), relayed)
        .doesNotContainAnyElementsOf(loopbacks);
  }

  @Test
  void addressesAreRankedByWhatTheyAreGoodFor() {
    assertThat(use("/ip4/203.0.113.1/tcp/1")).isEqualTo(AddressUse.PUBLIC);
    assertThat(use("/dns/example.com/tcp/1")).isEqualTo(AddressUse.PUBLIC);
    assertThat(use("/ip6/2001:db8::1/udp/1/quic-v1")).isEqualTo(AddressUse.PUBLIC);
    assertThat(use("/ip4/203.0.113.1/tcp/1/p2p/" + RELAY + "/p2p-circuit"))
        .isEqualTo(AddressUse.RELAYED);
    assertThat(use("/p2p-circuit")).isEqualTo(AddressUse.RELAYED);
    assertThat(use("/ip4/10.1.2.3/tcp/1")).isEqualTo(AddressUse.PRIVATE);
    assertThat(use("/ip4/100.64.0.1/tcp/1")).isEqualTo(AddressUse.PRIVATE);
    assertThat(use("/ip6/fd00::1/tcp/1")).isEqualTo(AddressUse.PRIVATE);
    assertThat(use("/ip4/127.0.0.1/tcp/1")).isEqualTo(AddressUse.LOCAL);
    assertThat(use("/ip6zone/eth0/ip6/fe80::1/tcp/1")).isEqualTo(AddressUse.LOCAL);
    assertThat(use("/memory/7")).isEqualTo(AddressUse.LOCAL);
  }

  @Test
  void thePeerIsNotRepeatedInItsAddresses() {
    Multiaddr bare = Multiaddr.parse("/ip4/203.0.113.1/tcp/1");
    Multiaddr whole = bare.with(Protocol.P2P, PEER.toString());
    Ticket ticket = new Ticket(PEER, List.of(whole, bare), TICKET.key(), TICKET.share());

    assertThat(ticket.addresses()).containsExactly(bare);
    assertThat(ticket.fullAddresses()).containsExactly(whole);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ip4/203.0.113.1/tcp/1/p2p/%s", "/unix/run/warren"})
  void addressesThatDoNotLeadToThePeerAreRefusedOrLeftOut(String template)
      throws InvalidShareCodeException {
    Multiaddr astray = Multiaddr.parse(template.formatted(RELAY));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ticket(PEER, List.of(astray), TICKET.key(), TICKET.share()));
    assertThat(Ticket.ofUsable(PEER, List.of(astray), TICKET.key(), TICKET.share()).addresses())
        .isEmpty();
    assertThat(Ticket.parse(json("addresses", "[\"" + astray + "\"]")).addresses()).isEmpty();
  }

  @Test
  void moreAddressesThanATicketHasAreLeftOutFromTheEnd() {
    List<Multiaddr> many = addresses("/ip4/203.0.113.%d/tcp/1", 40);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ticket(PEER, many, TICKET.key(), TICKET.share()));
    assertThat(Ticket.ofUsable(PEER, many, TICKET.key(), TICKET.share()).addresses())
        .isEqualTo(many.subList(0, Ticket.MAX_ADDRESSES));
  }

  @Test
  void fieldsAndAddressesOfLaterVersionsAreSkipped() throws InvalidShareCodeException {
    String text =
        json("addresses", "[\"/ip4/203.0.113.1/tcp/1\", \"/warp/9\", \"\"]")
            .replaceFirst("\\{", "{\"later\": {\"deep\": [1, 2, null]}, ");

    assertThat(Ticket.parse(text).addresses())
        .containsExactly(Multiaddr.parse("/ip4/203.0.113.1/tcp/1"));
  }

  @Test
  void theSeedsOwnExampleOfACircuitIsRead() throws InvalidShareCodeException {
    assertThat(Ticket.parse(json("addresses", "[\"/p2p-circuit/p2p/" + PEER + "\"]")).addresses())
        .containsExactly(Multiaddr.parse("/p2p-circuit"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "peer_id | 7 | the ticket's peer_id is not a text",
        "peer_id | 'QmX' | the ticket's peer_id is none",
        "addresses | 'none' | the ticket is incomplete or has a mistake in it",
        "addresses | [1] | the ticket's addresses is not a text",
        "encryption_key | 'AAAA' | an encryption key has 32 bytes, not 3",
        "encryption_key | '!' | the encryption key is not base64",
        "share_code | 'A B' | a share code has only letters, digits, - and _: \"A B\"",
        "share_code | '' | a share code has 1 to 32 characters, not 0",
        "share_code | null | the ticket's share_code is not a text",
      },
      quoteCharacter = '^')
  void whatIsWrongWithAFieldIsSaid(String field, String value, String message) {
    String json = json(field, value.replace('\'', '"'));
    String base64 = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(json))
        .withMessage(message);
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(base64))
        .withMessage(message);
  }

  @Test
  void aMissingFieldIsNamed() {
    String text = VECTORS.text("json").replace("encryption_key", "another_key");

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(text))
        .withMessage("the ticket lacks its encryption_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}{}",
        "{'peer_id': \"x\"}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":[[[[[[[[[[[1]]]]]]]]]]]}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{/* */}",
        "{",
      })
  void whatIsNoStrictJsonIsRefused(String text) {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> ShareCode.parse(text));
  }

  @Test
  void messagesDoNotShowTheKey() {
    String base64Key = Base64.getEncoder().encodeToString(VECTORS.bytes("key"));
    String text = VECTORS.text("json").replace(base64Key, base64Key + "\\u12");

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(text))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(base64Key.substring(0, 8)))
        .withNoCause();
    assertThat(TICKET.key()).hasToString("ShareKey[hidden]");
    assertThat(TICKET.redacted())
        .isEqualTo("ticket of " + PEER + " for ABC123, 3 addresses")
        .doesNotContain(HexFormat.of().formatHex(VECTORS.bytes("key")));
  }

  @Test
  void aCompactTicketOfALaterVersionIsSaidToBeOne() {
    byte[] bytes = {2, 1};
    byte[] checksum = Sha256.labelled("warren ticket checksum 1", bytes);
    String text =
        "warren:"
            + Multibase.BASE32.encodeBare(
                new byte[] {2, 1, checksum[0], checksum[1], checksum[2], checksum[3]});

    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse(text))
        .withMessage("the ticket is wrong: it is of version 2, not 1");
  }

  @Test
  void aCharacterThatNoCompactTicketHasIsPointedAt() {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse("warren:aeta1aaa"))
        .withMessage("\"1\" is in no ticket")
        .satisfies(e -> assertThat(e.position()).isEqualTo(11));
  }

  @Test
  void aCodeOfWordsIsNoTicket() {
    assertThatExceptionOfType(InvalidShareCodeException.class)
        .isThrownBy(() -> Ticket.parse("4821-otter-violet-canoe"))
        .withMessage("this is a code, but no ticket");
  }

  private static AddressUse use(String address) {
    return AddressUse.of(Multiaddr.parse(address));
  }

  private static List<Multiaddr> addresses(String template, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> Multiaddr.parse(template.formatted(i)))
        .toList();
  }

  private static String json(String field, String value) {
    return "{"
        + String.join(
            ", ",
            List.of("peer_id", "addresses", "encryption_key", "share_code").stream()
                .map(name -> "\"%s\": %s".formatted(name, name.equals(field) ? value : right(name)))
                .toList())
        + "}";
  }

  private static String right(String name) {
    return switch (name) {
      case "peer_id" -> "\"" + PEER + "\"";
      case "addresses" -> "[]";
      case "encryption_key" ->
          "\"" + Base64.getEncoder().encodeToString(VECTORS.bytes("key")) + "\"";
      default -> "\"ABC123\"";
    };
  }
}
