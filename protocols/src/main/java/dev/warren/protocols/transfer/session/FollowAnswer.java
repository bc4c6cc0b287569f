package dev.warren.protocols.transfer.session;

import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver.KindCase;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The source's end of a stream that follows a share. One thread waits for requests; any tells. */
public final class FollowAnswer {
  private static final Set<KindCase> REQUESTS =
      EnumSet.of(KindCase.FOLLOW, KindCase.ANNOUNCE, KindCase.RECEIPT);

  private final Wire wire;

  FollowAnswer(Wire wire) {
    this.wire = wire;
  }

  /** Waits for what the receiver says next; empty when it has gone in good order. */
  public Optional<FollowRequest> next() throws IOException {
    Optional<FromReceiver> message = wire.readFromReceiver(REQUESTS);
    return message.isEmpty() ? Optional.empty() : Optional.of(FollowCodec.decode(message.get()));
  }

  /** Says something to the receiver. */
  public void tell(FollowEvent event) throws IOException {
    wire.send(FollowCodec.encode(event));
  }
}
