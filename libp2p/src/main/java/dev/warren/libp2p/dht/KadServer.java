package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.record.InvalidRecordException;
import dev.warren.libp2p.dht.record.ProviderRecord;
import dev.warren.libp2p.dht.record.RecordStore;
import dev.warren.libp2p.dht.record.Validator;
import dev.warren.libp2p.dht.record.Validators;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.ValueRecord;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a node answers (libp2p/specs kad-dht, "RPC messages"). Free of streams; may be called from
 * any thread.
 */
final class KadServer {
  private static final int CLOSER = 20;
  private static final int MAX_PROVIDERS = 100;

  private final Table table;
  private final RecordStore records;
  private final Validators validators;
  private final Reach reach;
  private final InstantSource clock;
  private final Function<PeerId, List<Multiaddr>> addressBook;

  /**
   * @param addressBook where peers are, whether or not they are in the table
   */
  KadServer(
      Table table,
      RecordStore records,
      Validators validators,
      Reach reach,
      InstantSource clock,
      Function<PeerId, List<Multiaddr>> addressBook) {
    this.table = table;
    this.records = records;
    this.validators = validators;
    this.reach = reach;
    this.clock = clock;
    this.addressBook = addressBook;
  }

  /** The answer, if the request is of a kind that has one. */
  Optional<Response> answer(PeerId from, Request request) throws IOException {
    return switch (request) {
      case Request.FindNode(Target target) -> Optional.of(findNode(from, target));
      case Request.GetProviders(Target target) -> Optional.of(providers(from, target));
      case Request.GetValue(Target target) -> Optional.of(value(from, target));
      case Request.PutValue(Target target, Value value) -> {
        put(target, value);
        yield Optional.of(new Response(List.of(), List.of(), Optional.of(value)));
      }
      case Request.AddProvider(Target target, List<Contact> providers) -> {
        addProvider(from, target, providers);
        yield Optional.empty(); // go would take an answer for that to its next question
      }
      case Request.Ping() -> Optional.of(Response.EMPTY);
    };
  }

  /** The peer that is looked for comes first, client or not: that is how clients are found. */
  private Response findNode(PeerId from, Target target) {
    var closer = new ArrayList<Contact>();
    peer(target)
        .map(peer -> Contact.of(peer, addressBook.apply(peer)))
        .filter(contact -> !contact.addresses().isEmpty())
        .ifPresent(closer::add);
    for (Contact contact : closer(from, target)) {
      if (!contact.key().equals(target.key())) {
        closer.add(contact);
      }
    }
    return Response.ofCloser(closer);
  }

  private static Optional<PeerId> peer(Target target) {
    try {
      return Optional.of(PeerId.fromBytes(target.toBytes()));
    } catch (MalformedException e) {
      return Optional.empty(); // any bytes can be looked for
    }
  }

  private List<Contact> closer(PeerId from, Target target) {
    return table.closest(target.key(), CLOSER + 1).stream()
        .filter(contact -> !contact.peer().equals(from))
        .limit(CLOSER)
        .toList();
  }

  private Response providers(PeerId from, Target target) throws RequestRefusedException {
    requireHash(target);
    Instant now = clock.instant();
    List<Contact> providers =
        records.providers(target, MAX_PROVIDERS).stream()
            .filter(record -> record.isValid(now))
            .map(record -> Contact.of(record.peer(), whereIs(record, now)))
            .toList();
    return new Response(closer(from, target), providers, Optional.empty());
  }

  private List<Multiaddr> whereIs(ProviderRecord record, Instant now) {
    List<Multiaddr> addresses = record.addresses(now);
    return addresses.isEmpty() ? reach.filter(addressBook.apply(record.peer())) : addresses;
  }

  private void addProvider(PeerId from, Target target, List<Contact> providers)
      throws RequestRefusedException {
    requireHash(target);
    // Of anybody else's word there is no proof.
    Contact sender =
        providers.stream()
            .filter(provider -> provider.peer().equals(from) && !provider.addresses().isEmpty())
            .findFirst()
            .orElseThrow(() -> new RequestRefusedException("a provider has to name itself"));
    List<Multiaddr> addresses = reach.filter(sender.addresses());
    if (!records.addProvider(target, new ProviderRecord(from, addresses, clock.instant()))) {
      throw new RequestRefusedException("there is no room for more records of this peer");
    }
  }

  private Response value(PeerId from, Target target) throws IOException {
    validators.of(target); // or there is nothing here that it could be found by
    Instant now = clock.instant();
    Optional<Value> value =
        records.value(target).filter(record -> record.isValid(now)).map(ValueRecord::value);
    return new Response(closer(from, target), List.of(), value);
  }

  private void put(Target target, Value value) throws IOException {
    Validator validator = validators.of(target);
    validator.validate(target, value);
    Instant now = clock.instant();
    Optional<Value> present =
        records
            .value(target)
            .filter(record -> record.isValid(now))
            .map(ValueRecord::value)
            .filter(other -> isValid(validator, target, other));
    if (present.isPresent() && validator.compare(value, present.get()) < 0) {
      throw new RequestRefusedException("there is a newer value");
    }
    if (!records.putValue(target, new ValueRecord(value, now))) {
      throw new RequestRefusedException("there is no room for more values");
    }
  }

  private static boolean isValid(Validator validator, Target target, Value value) {
    try {
      validator.validate(target, value);
      return true;
    } catch (InvalidRecordException e) {
      return false; // it has expired since
    }
  }

  private static void requireHash(Target target) throws RequestRefusedException {
    if (target.length() > Target.MAX_HASH_BYTES) {
      throw new RequestRefusedException(
          "a key of " + target.length() + " bytes, more than " + Target.MAX_HASH_BYTES);
    }
  }
}
