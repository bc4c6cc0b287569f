package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.MalformedException;

/** Keys of peers whose ids do not hold them (IPFS kad-dht, "Public Keys"). */
public final class PublicKeyValidator implements Validator {
  public static final String NAMESPACE = "pk";

  /** Where the key of a peer is stored. */
  public static Target key(PeerId peer) {
    return Target.ofValue(NAMESPACE, peer.toBytes());
  }

  @Override
  public void validate(Target key, Value value) throws InvalidRecordException {
    try {
      PeerId peer = PeerId.fromBytes(Validators.rest(NAMESPACE, key));
      if (!peer.matches(PublicKey.fromProtobuf(value.toBytes()))) {
        throw new InvalidRecordException("a key that is not that of " + peer);
      }
    } catch (MalformedException e) {
      throw new InvalidRecordException("not the key of a peer: " + e.getMessage(), e);
    }
  }

  /** There is but one valid value. */
  @Override
  public int compare(Value one, Value other) {
    return 0;
  }

  @Override
  public int quorum() {
    return 1;
  }
}
