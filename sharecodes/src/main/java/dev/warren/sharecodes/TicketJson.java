package dev.warren.sharecodes;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multibase;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON form of a ticket and its base64, docs/protocols/share-codes.md, "JSON form".
 *
 * <p>The length of the text bounds all of it; what is read is as strict as RFC 8259, nests no
 * deeper than {@value #MAX_DEPTH} and has no name twice. Fields of other names are skipped.
 */
final class TicketJson {
  /** What base64 of a JSON object without white space begins with. */
  static final String BASE64_START = "eyJ";

  private static final int MAX_DEPTH = 8;

  /** Addresses that are looked at, many of which may be of no use here. */
  private static final int MAX_LISTED = 256;

  private static final String PEER = "peer_id";
  private static final String ADDRESSES = "addresses";
  private static final String KEY = "encryption_key";
  private static final String SHARE = "share_code";

  private TicketJson() {}

  static String formatBase64(Ticket ticket) {
    return Multibase.BASE64PAD.encodeBare(format(ticket).getBytes(StandardCharsets.UTF_8));
  }

  static String format(Ticket ticket) {
    StringWriter out = new StringWriter();
    try (JsonWriter json = new JsonWriter(out)) {
      json.beginObject();
      json.name(PEER).value(ticket.peer().toString());
      json.name(ADDRESSES).beginArray();
      for (Multiaddr address : ticket.addresses()) {
        // A circuit that leads to nobody is read as the relay's own address by some.
        boolean whole = address.isCircuit();
        json.value((whole ? address.withPeer(ticket.peer().toString()) : address).toString());
      }
      json.endArray();
      json.name(KEY).value(ticket.key().toBase64());
      json.name(SHARE).value(ticket.share().text());
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  static Ticket parseBase64(PastedText pasted) throws InvalidShareCodeException {
    String text = pasted.text();
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      if (!Base64Text.isDigit(text.charAt(i))) {
        throw pasted.wrong(
            "this is no code: a ticket has no "
                + InvalidShareCodeException.quote(text.substring(i, i + 1)),
            i,
            i + 1,
            List.of());
      }
    }
    try {
      byte[] bytes = Base64Text.decode(text);
      String json = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return read(json);
    } catch (CharacterCodingException | MalformedException e) {
      throw pasted.wrong("this is no code: a ticket would be base64 of JSON", 0);
    } catch (IllegalArgumentException e) {
      throw pasted.wrong(e.getMessage(), 0);
    }
  }

  static Ticket parse(PastedText pasted) throws InvalidShareCodeException {
    try {
      return read(pasted.text());
    } catch (IllegalArgumentException e) {
      throw pasted.wrong(e.getMessage(), 0);
    }
  }

  /**
   * Reads the JSON.
   *
   * @throws IllegalArgumentException if it is no ticket; the message is for people
   */
  private static Ticket read(String text) {
    try (JsonReader json = new JsonReader(new StringReader(text))) {
      json.setStrictness(Strictness.STRICT);
      json.setNestingLimit(MAX_DEPTH);
      Fields fields = Fields.read(json);
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("the ticket goes on after its end");
      }
      return fields.toTicket();
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      // The parser's own words may quote what it read, a key among it.
      throw new IllegalArgumentException("the ticket is incomplete or has a mistake in it");
    }
  }

  /** The fields as they were found. */
  private record Fields(Map<String, String> texts, List<Multiaddr> addresses) {
    static Fields read(JsonReader json) throws IOException {
      Map<String, String> texts = new HashMap<>();
      List<Multiaddr> addresses = new ArrayList<>();
      Set<String> names = new HashSet<>();
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (!names.add(name)) {
          throw new IllegalArgumentException("the ticket has a field twice");
        }
        switch (name) {
          case PEER, KEY, SHARE -> texts.put(name, nextText(json, name));
          case ADDRESSES -> readAddresses(json, addresses);
          default -> json.skipValue();
        }
      }
      json.endObject();
      return new Fields(texts, addresses);
    }

    private static void readAddresses(JsonReader json, List<Multiaddr> addresses)
        throws IOException {
      json.beginArray();
      for (int listed = 0; json.hasNext(); listed++) {
        if (listed == MAX_LISTED) {
          throw new IllegalArgumentException(
              "the ticket has more than %d addresses".formatted(MAX_LISTED));
        }
        known(nextText(json, ADDRESSES)).ifPresent(addresses::add);
      }
      json.endArray();
    }

    /** An address of a kind that is not known here may not spoil those beside it. */
    private static Optional<Multiaddr> known(String address) {
      try {
        return Optional.of(Multiaddr.parse(address));
      } catch (MalformedException e) {
        return Optional.empty();
      }
    }

    private static String nextText(JsonReader json, String name) throws IOException {
      if (json.peek() != JsonToken.STRING) {
        throw new IllegalArgumentException("the ticket's %s is not a text".formatted(name));
      }
      return json.nextString();
    }

    Ticket toTicket() {
      return Ticket.ofUsable(
          peer(), addresses, ShareKey.ofBase64(text(KEY)), new ShareId(text(SHARE)));
    }

    private PeerId peer() {
      try {
        return PeerId.parse(text(PEER));
      } catch (MalformedException e) {
        throw new IllegalArgumentException("the ticket's peer_id is none", e);
      }
    }

    private String text(String name) {
      String text = texts.get(name);
      if (text == null) {
        throw new IllegalArgumentException("the ticket lacks its " + name);
      }
      return text;
    }
  }
}
