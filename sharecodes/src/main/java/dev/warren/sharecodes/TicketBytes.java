package dev.warren.sharecodes;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multibase;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The compact form of a ticket, docs/protocols/share-codes.md, "Compact form".
 *
 * <pre>
 * version 1 | length, peer id | key, 32 bytes | length, share code | count, (length, address)* | checksum, 4 bytes
 * </pre>
 *
 * <p>Lengths and the count take a byte each, so that none has to be bounded otherwise.
 */
final class TicketBytes {
  private static final int VERSION = 1;
  private static final int CHECKSUM_BYTES = 4;
  private static final String CHECKSUM_DOMAIN = "warren ticket checksum 1";

  private TicketBytes() {}

  static String format(Ticket ticket) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.write(VERSION);
    writeShort(out, ticket.peer().toBytes());
    out.writeBytes(ticket.key().toBytes());
    writeShort(out, ticket.share().text().getBytes(StandardCharsets.US_ASCII));
    out.write(ticket.addresses().size());
    for (Multiaddr address : ticket.addresses()) {
      writeShort(out, address.toBytes());
    }
    out.writeBytes(checksum(out.toByteArray()));
    return Ticket.SCHEME + Multibase.BASE32.encodeBare(out.toByteArray());
  }

  private static void writeShort(ByteArrayOutputStream out, byte[] bytes) {
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  static Ticket parse(PastedText pasted) throws InvalidShareCodeException {
    PastedText digits = pasted.from(Ticket.SCHEME.length()).without(c -> c == '=' || c == '-');
    byte[] bytes = decode(digits);
    byte[] content = Arrays.copyOf(bytes, Math.max(0, bytes.length - CHECKSUM_BYTES));
    byte[] checksum = Arrays.copyOfRange(bytes, content.length, bytes.length);
    if (!Arrays.equals(checksum(content), checksum)) {
      throw digits.wrong("the ticket is incomplete or has a mistake in it", 0);
    }
    try {
      return read(ByteBuffer.wrap(content));
    } catch (BufferUnderflowException e) {
      throw digits.wrong("the ticket ends too early", digits.text().length());
    } catch (MalformedException e) {
      throw digits.wrong("the ticket has a peer or an address that is none", 0);
    } catch (IllegalArgumentException e) {
      throw digits.wrong("the ticket is wrong: " + e.getMessage(), 0);
    }
  }

  private static byte[] decode(PastedText digits) throws InvalidShareCodeException {
    String text = digits.text();
    for (int i = 0; i < text.length(); i++) {
      if ("abcdefghijklmnopqrstuvwxyz234567".indexOf(Character.toLowerCase(text.charAt(i))) < 0) {
        throw digits.wrong(
            InvalidShareCodeException.quote(text.substring(i, i + 1)) + " is in no ticket",
            i,
            i + 1,
            List.of());
      }
    }
    try {
      return Multibase.BASE32.decodeBare(text.toLowerCase(Locale.ROOT));
    } catch (MalformedException e) {
      throw digits.wrong("the ticket is incomplete", text.length());
    }
  }

  private static Ticket read(ByteBuffer in) {
    int version = in.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("it is of version %d, not 1".formatted(version));
    }
    PeerId peer = PeerId.fromBytes(readShort(in));
    byte[] key = new byte[ShareKey.BYTES];
    in.get(key);
    ShareId share = new ShareId(new String(readShort(in), StandardCharsets.US_ASCII));
    int count = in.get() & 0xff;
    List<Multiaddr> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      addresses.add(Multiaddr.fromBytes(readShort(in)));
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("it goes on after its end");
    }
    return new Ticket(peer, addresses, ShareKey.of(key), share);
  }

  private static byte[] readShort(ByteBuffer in) {
    byte[] bytes = new byte[in.get() & 0xff];
    in.get(bytes);
    return bytes;
  }

  private static byte[] checksum(byte[] content) {
    return Arrays.copyOf(Sha256.labelled(CHECKSUM_DOMAIN, content), CHECKSUM_BYTES);
  }
}
