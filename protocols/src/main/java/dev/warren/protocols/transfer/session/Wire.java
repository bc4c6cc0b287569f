package dev.warren.protocols.transfer.session;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Varint;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;

/**
 * Messages on a stream, each behind its length.
 *
 * <p>Of what kind a message is shows in its first byte, the key of the one field that it has. So it
 * is known whether the kind may come now, and how long it may be, before there is memory for it.
 *
 * <p>One thread reads; any may send.
 */
final class Wire {
  private static final int SMALL = 1024;
  private static final int LARGE = 64 * 1024;

  private static final Map<FromSource.KindCase, Integer> SOURCE_BOUNDS =
      Map.of(
          FromSource.KindCase.WELCOME,
          SMALL,
          FromSource.KindCase.ACCEPTED,
          LARGE,
          FromSource.KindCase.REFUSAL,
          4 * SMALL,
          FromSource.KindCase.WAITING,
          SMALL,
          FromSource.KindCase.SEGMENT,
          SignedSegment.MAX_BODY_BYTES + 4 * SMALL,
          FromSource.KindCase.HAVE,
          TransferProtocol.MAX_CHUNKS / Byte.SIZE + SMALL,
          FromSource.KindCase.PEERS,
          TransferProtocol.MAX_SEEDS * 9 * SMALL);

  private static final Map<FromReceiver.KindCase, Integer> RECEIVER_BOUNDS =
      Map.of(
          FromReceiver.KindCase.HELLO, SMALL,
          FromReceiver.KindCase.PROOF, 2 * Token.MAX_BYTES,
          FromReceiver.KindCase.FOLLOW, SMALL,
          FromReceiver.KindCase.WANT, LARGE,
          FromReceiver.KindCase.ANNOUNCE, LARGE,
          FromReceiver.KindCase.RECEIPT, SMALL);

  /** Fields that are not known would be kept, and take more memory than they have bytes. */
  private static final Parser<FromSource> SOURCE_PARSER =
      DiscardUnknownFieldsParser.wrap(FromSource.parser());

  private static final Parser<FromReceiver> RECEIVER_PARSER =
      DiscardUnknownFieldsParser.wrap(FromReceiver.parser());

  /** What a message of a kind that may not come has for a bound. */
  private static final int NOT_NOW = -1;

  /** How the key of a field says that its value has a length. */
  private static final int LENGTH_DELIMITED = 2;

  private static final int KEY_FIELD_SHIFT = 3;

  private final Duplex stream;
  private final ReentrantLock sending = new ReentrantLock();

  Wire(Duplex stream) {
    this.stream = stream;
  }

  /** Sends messages in one piece. */
  void send(MessageLite... messages) throws IOException {
    int length = 0;
    for (MessageLite message : messages) {
      length += Varint.size(message.getSerializedSize()) + message.getSerializedSize();
    }
    byte[] framed = new byte[length];
    int at = 0;
    for (MessageLite message : messages) {
      byte[] body = message.toByteArray();
      at = Varint.write(body.length, framed, at);
      System.arraycopy(body, 0, framed, at, body.length);
      at += body.length;
    }
    sending.lock();
    try {
      stream.write(framed);
    } finally {
      sending.unlock();
    }
  }

  /** The next message of a source; empty when it has closed its side. */
  Optional<FromSource> readFromSource(Set<FromSource.KindCase> expected) throws IOException {
    return read(
        SOURCE_PARSER,
        field -> {
          var kind = FromSource.KindCase.forNumber(field);
          return expected.contains(kind) ? SOURCE_BOUNDS.get(kind) : NOT_NOW;
        });
  }

  /** The next message of a receiver; empty when it has closed its side. */
  Optional<FromReceiver> readFromReceiver(Set<FromReceiver.KindCase> expected) throws IOException {
    return read(
        RECEIVER_PARSER,
        field -> {
          var kind = FromReceiver.KindCase.forNumber(field);
          return expected.contains(kind) ? RECEIVER_BOUNDS.get(kind) : NOT_NOW;
        });
  }

  private <M> Optional<M> read(Parser<M> parser, IntUnaryOperator boundOfField) throws IOException {
    Optional<byte[]> body = read(boundOfField);
    if (body.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parseFrom(body.get()));
    } catch (InvalidProtocolBufferException e) {
      throw new SessionException("the peer sent a message that cannot be read", e);
    }
  }

  private Optional<byte[]> read(IntUnaryOperator boundOfField) throws IOException {
    var in = new PushbackInputStream(stream.input());
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    in.unread(first);
    long length;
    try {
      length = Varint.read(in);
    } catch (MalformedException e) {
      throw new SessionException("the peer sent a message without a length", e);
    }
    int key = length == 0 ? 0 : in.read();
    if (key < 0) {
      throw new EOFException("the peer ended the stream within a message");
    }
    boolean delimited = (key & ((1 << KEY_FIELD_SHIFT) - 1)) == LENGTH_DELIMITED;
    int bound = delimited ? boundOfField.applyAsInt(key >> KEY_FIELD_SHIFT) : NOT_NOW;
    if (bound == NOT_NOW) {
      throw unexpected();
    }
    if (length > bound) {
      throw new SessionException("the peer sent a message of " + length + " bytes");
    }
    byte[] body = new byte[(int) length];
    body[0] = (byte) key;
    stream.readFully(body, 1, body.length - 1);
    requireOneField(body);
    return Optional.of(body);
  }

  /**
   * Behind the field there must be no other: it would take the place of the first, whatever that
   * was bounded by.
   */
  private static void requireOneField(byte[] body) throws IOException {
    var rest = new ByteArrayInputStream(body, 1, body.length - 1);
    try {
      if (Varint.read(rest) != rest.available()) {
        throw unexpected();
      }
    } catch (MalformedException e) {
      throw new SessionException("the peer sent a message that cannot be read", e);
    }
  }

  private static SessionException unexpected() {
    return new SessionException("the peer sent a message that may not come now");
  }
}
