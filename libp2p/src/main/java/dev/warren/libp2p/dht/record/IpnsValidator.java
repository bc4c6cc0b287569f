package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import java.time.InstantSource;
import java.util.Comparator;

/** Values in the form of {@link IpnsRecord}. */
public final class IpnsValidator implements Validator {
  public static final String NAMESPACE = "ipns";

  private static final Comparator<IpnsRecord> ORDER =
      Comparator.comparing(IpnsRecord::sequence, Long::compareUnsigned)
          .thenComparing(IpnsRecord::validUntil);

  private final InstantSource clock;

  public IpnsValidator(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void validate(Target key, Value value) throws InvalidRecordException {
    PeerId name;
    try {
      name = PeerId.fromBytes(Validators.rest(NAMESPACE, key));
    } catch (MalformedException e) {
      throw new InvalidRecordException("not a name of IPNS: " + e.getMessage(), e);
    }
    IpnsRecord record = IpnsRecord.open(name, value);
    if (!clock.instant().isBefore(record.validUntil())) {
      throw new InvalidRecordException("a record that was valid until " + record.validUntil());
    }
  }

  @Override
  public int compare(Value one, Value other) {
    try {
      return ORDER.compare(IpnsRecord.ofOpened(one), IpnsRecord.ofOpened(other));
    } catch (InvalidRecordException e) {
      throw new IllegalArgumentException("values are validated before they are compared", e);
    }
  }

  /** IPFS kad-dht, "Quorum". */
  @Override
  public int quorum() {
    return 16;
  }
}
