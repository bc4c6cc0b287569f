package dev.warren.protocols.transfer.session;

import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.Want;

/** Wanted ordinals as a message: the first, then differences, small for what lies together. */
final class WantCodec {
  private WantCodec() {}

  static FromReceiver encode(int[] ordinals) {
    if (ordinals.length < 1 || ordinals.length > TransferProtocol.MAX_WANTED) {
      throw new IllegalArgumentException("a request for " + ordinals.length + " chunks");
    }
    var want = Want.newBuilder();
    int before = 0;
    for (int ordinal : ordinals) {
      want.addDeltas(ordinal - before);
      before = ordinal;
    }
    return FromReceiver.newBuilder().setWant(want).build();
  }

  static int[] decode(Want want) throws SessionException {
    int count = want.getDeltasCount();
    if (count < 1 || count > TransferProtocol.MAX_WANTED) {
      throw new SessionException("the peer wants " + count + " chunks at once");
    }
    var ordinals = new int[count];
    int ordinal = 0;
    for (int i = 0; i < count; i++) {
      ordinal += want.getDeltas(i);
      if (ordinal < 0 || ordinal >= TransferProtocol.MAX_CHUNKS) {
        throw new SessionException("the peer wants a chunk beyond all bounds");
      }
      ordinals[i] = ordinal;
    }
    return ordinals;
  }
}
