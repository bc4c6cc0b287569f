package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.record.InvalidRecordException;
import dev.warren.libp2p.dht.record.Validator;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The best of the values that peers have under a key, and who has it (libp2p/specs kad-dht, "Value
 * retrieval"). Belongs to the thread that looks for it.
 */
final class ValueSearch {
  private final Target key;
  private final Validator validator;
  private final Map<PeerId, Value> held = new HashMap<>();
  private @Nullable Value best;

  ValueSearch(Target key, Validator validator) {
    this.key = key;
    this.validator = validator;
  }

  /** What is here already. */
  void heard(Value value) {
    if (isValid(value) && (best == null || validator.compare(value, best) > 0)) {
      best = value;
    }
  }

  void answered(Contact contact, Optional<Value> value) {
    if (value.isPresent() && (value.get().equals(best) || isValid(value.get()))) {
      held.put(contact.peer(), value.get());
      heard(value.get());
    }
  }

  /** Whether so many have a value that the best of them is most likely the newest. */
  boolean isOver() {
    return held.size() >= validator.quorum();
  }

  Optional<Value> best() {
    return Optional.ofNullable(best);
  }

  /** Those of the peers who have none, or one that is not the best. */
  List<Contact> outdated(List<Contact> contacts) {
    return contacts.stream()
        .filter(contact -> best != null && !best.equals(held.get(contact.peer())))
        .toList();
  }

  private boolean isValid(Value value) {
    try {
      validator.validate(key, value);
      return true;
    } catch (InvalidRecordException e) {
      return false;
    }
  }
}
