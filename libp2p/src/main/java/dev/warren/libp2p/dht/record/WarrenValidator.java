package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Target;
import java.time.InstantSource;
import java.util.Comparator;

/** Values in the form of {@link WarrenRecord}. */
public final class WarrenValidator implements Validator {
  public static final String NAMESPACE = "warren";

  private static final Comparator<WarrenRecord> ORDER =
      Comparator.comparing(WarrenRecord::sequence, Long::compareUnsigned)
          .thenComparing(WarrenRecord::expires)
          .thenComparing(WarrenRecord::value);

  private final InstantSource clock;

  public WarrenValidator(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void validate(Target key, Value value) throws InvalidRecordException {
    WarrenRecord record = WarrenRecord.open(value);
    if (!record.key().equals(key)) {
      throw new InvalidRecordException("a record that was signed for another key");
    }
    if (!clock.instant().isBefore(record.expires())) {
      throw new InvalidRecordException("a record that was valid until " + record.expires());
    }
  }

  @Override
  public int compare(Value one, Value other) {
    try {
      return ORDER.compare(WarrenRecord.open(one), WarrenRecord.open(other));
    } catch (InvalidRecordException e) {
      throw new IllegalArgumentException("values are validated before they are compared", e);
    }
  }

  @Override
  public int quorum() {
    return 16;
  }
}
