package dev.warren.libp2p.dht.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.pb.KadMessages.Message;
import dev.warren.libp2p.dht.wire.pb.KadMessages.Message.MessageType;
import dev.warren.libp2p.dht.wire.pb.KadMessages.Record;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Requests and responses as bytes.
 *
 * <p>What a message names that cannot be read is left out of it: peers may well have addresses and
 * keys of kinds that are unknown here.
 */
public final class KadCodec {
  /** The longest request that is read. The largest honest one puts an IPNS record of 10 KiB. */
  public static final int MAX_REQUEST_BYTES = 32 * 1024;

  /** The longest response that is read: go sends all providers that it has, up to 4 MiB. */
  public static final int MAX_RESPONSE_BYTES = 1024 * 1024;

  /** The longest value; what fits {@link #MAX_SENT_BYTES} beside a few peers. */
  public static final int MAX_VALUE_BYTES = 10 * 1024;

  /** What rust accepts, less a little for the fields around. */
  private static final int MAX_SENT_BYTES = 15 * 1024;

  /** Where a peer is; some twenty addresses. */
  private static final int MAX_PEER_BYTES = 512;

  private static final int MAX_CLOSER = 64;
  private static final int MAX_PROVIDERS = 1024;
  private static final int MAX_ADDRESSES = 32;

  private KadCodec() {}

  /** The bytes of a request. */
  public static byte[] encode(Request request) {
    return message(request).build().toByteArray();
  }

  /** The bytes of a response, which repeats what was asked; as many peers as fit. */
  public static byte[] encode(Request request, Response response) {
    var message = Message.newBuilder().setType(type(request));
    target(request).ifPresent(target -> message.setKey(bytes(target)));
    response.value().ifPresent(value -> message.setRecord(record(target(request), value)));
    int left = MAX_SENT_BYTES - message.build().getSerializedSize();
    int forCloser = response.providers().isEmpty() ? left : left / 2;
    left -= add(response.closer(), forCloser, Message.Builder::addCloserPeers, message);
    add(response.providers(), left, Message.Builder::addProviderPeers, message);
    return message.build().toByteArray();
  }

  /** Reads a request. */
  public static Request decodeRequest(byte[] bytes) throws MalformedMessageException {
    Message message = parse(bytes);
    return switch (message.getType()) {
      case FIND_NODE -> new Request.FindNode(target(message.getKey()));
      case GET_PROVIDERS -> new Request.GetProviders(target(message.getKey()));
      case ADD_PROVIDER ->
          new Request.AddProvider(
              target(message.getKey()), contacts(message.getProviderPeersList(), MAX_PROVIDERS));
      case GET_VALUE -> new Request.GetValue(target(message.getKey()));
      case PUT_VALUE -> {
        Record record = message.getRecord();
        // Go and js set the key twice, rust reads the one in the record.
        if (!message.getKey().isEmpty() && !message.getKey().equals(record.getKey())) {
          throw new MalformedMessageException("a record under another key than its own");
        }
        yield new Request.PutValue(target(record.getKey()), value(record));
      }
      case PING -> new Request.Ping();
      case UNRECOGNIZED -> throw new MalformedMessageException("a request of an unknown type");
    };
  }

  /** Reads a response. A value that comes under another key than was asked for is none. */
  public static Response decodeResponse(Request request, byte[] bytes)
      throws MalformedMessageException {
    Message message = parse(bytes);
    if (message.getType() != type(request)) {
      throw new MalformedMessageException("an answer to something else than was asked");
    }
    Optional<Value> value = Optional.empty();
    if (message.hasRecord()
        && target(request)
            .map(KadCodec::bytes)
            .filter(message.getRecord().getKey()::equals)
            .isPresent()) {
      value = Optional.of(value(message.getRecord()));
    }
    return new Response(
        contacts(message.getCloserPeersList(), MAX_CLOSER),
        contacts(message.getProviderPeersList(), MAX_PROVIDERS),
        value);
  }

  private static Message.Builder message(Request request) {
    var message = Message.newBuilder().setType(type(request));
    target(request).ifPresent(target -> message.setKey(bytes(target)));
    switch (request) {
      case Request.AddProvider(_, List<Contact> providers) ->
          add(providers, MAX_SENT_BYTES, Message.Builder::addProviderPeers, message);
      case Request.PutValue(Target target, Value value) ->
          message.setRecord(record(Optional.of(target), value));
      default -> {
        // the key is all
      }
    }
    return message;
  }

  private static MessageType type(Request request) {
    return switch (request) {
      case Request.FindNode _ -> MessageType.FIND_NODE;
      case Request.GetProviders _ -> MessageType.GET_PROVIDERS;
      case Request.AddProvider _ -> MessageType.ADD_PROVIDER;
      case Request.GetValue _ -> MessageType.GET_VALUE;
      case Request.PutValue _ -> MessageType.PUT_VALUE;
      case Request.Ping _ -> MessageType.PING;
    };
  }

  private static Optional<Target> target(Request request) {
    return switch (request) {
      case Request.FindNode(Target target) -> Optional.of(target);
      case Request.GetProviders(Target target) -> Optional.of(target);
      case Request.AddProvider(Target target, _) -> Optional.of(target);
      case Request.GetValue(Target target) -> Optional.of(target);
      case Request.PutValue(Target target, _) -> Optional.of(target);
      case Request.Ping() -> Optional.empty();
    };
  }

  private static Record record(Optional<Target> target, Value value) {
    var record = Record.newBuilder().setValue(ByteString.copyFrom(value.toBytes()));
    target.ifPresent(key -> record.setKey(bytes(key)));
    return record.build();
  }

  private static ByteString bytes(Target target) {
    return ByteString.copyFrom(target.toBytes());
  }

  /** Adds as many as fit and returns the bytes that they take. */
  private static int add(
      List<Contact> contacts,
      int maxBytes,
      BiConsumer<Message.Builder, Message.Peer> to,
      Message.Builder message) {
    int taken = 0;
    for (Contact contact : contacts) {
      Message.Peer peer = peer(contact);
      // Both fields of peers have tags of one byte.
      int bytes = 1 + CodedOutputStream.computeMessageSizeNoTag(peer);
      if (taken + bytes > maxBytes) {
        break;
      }
      to.accept(message, peer);
      taken += bytes;
    }
    return taken;
  }

  private static Message.Peer peer(Contact contact) {
    var peer = Message.Peer.newBuilder().setId(ByteString.copyFrom(contact.peer().toBytes()));
    int bytes = 0;
    for (Multiaddr address : contact.addresses()) {
      ByteString encoded = ByteString.copyFrom(address.toBytes());
      bytes += encoded.size() + 3;
      if (bytes > MAX_PEER_BYTES) {
        break;
      }
      peer.addAddrs(encoded);
    }
    return peer.build();
  }

  private static Message parse(byte[] bytes) throws MalformedMessageException {
    try {
      return Message.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedMessageException("the peer's message cannot be read", e);
    }
  }

  private static Target target(ByteString bytes) throws MalformedMessageException {
    if (bytes.isEmpty() || bytes.size() > Target.MAX_BYTES) {
      throw new MalformedMessageException("a key of " + bytes.size() + " bytes");
    }
    return Target.of(bytes.toByteArray());
  }

  private static Value value(Record record) throws MalformedMessageException {
    if (record.getValue().size() > MAX_VALUE_BYTES) {
      throw new MalformedMessageException("a value of " + record.getValue().size() + " bytes");
    }
    return Value.of(record.getValue().toByteArray());
  }

  private static List<Contact> contacts(List<Message.Peer> peers, int max) {
    var contacts = new ArrayList<Contact>();
    for (Message.Peer peer : peers.subList(0, Math.min(peers.size(), max))) {
      try {
        PeerId id = PeerId.fromBytes(peer.getId().toByteArray());
        contacts.add(Contact.of(id, addresses(id.toString(), peer.getAddrsList())));
      } catch (MalformedException e) {
        // left out, see above
      }
    }
    return contacts;
  }

  /** Without the peer's own id behind them; what leads to another peer is of no use. */
  private static List<Multiaddr> addresses(String peer, List<ByteString> encoded) {
    var addresses = new ArrayList<Multiaddr>();
    for (ByteString bytes : encoded.subList(0, Math.min(encoded.size(), MAX_ADDRESSES))) {
      try {
        Multiaddr address = Multiaddr.fromBytes(bytes.toByteArray());
        Multiaddr bare = address.withoutPeer();
        if (address.peer().map(peer::equals).orElse(true) && !bare.isEmpty()) {
          addresses.add(bare);
        }
      } catch (MalformedException e) {
        // left out, see above
      }
    }
    return addresses;
  }
}
