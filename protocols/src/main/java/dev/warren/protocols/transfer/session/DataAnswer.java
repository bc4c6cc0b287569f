package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.host.Stream;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver.KindCase;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The source's end of a stream for chunks. For one thread. */
public final class DataAnswer {
  private static final Set<KindCase> REQUESTS = EnumSet.of(KindCase.WANT);

  private final Stream stream;
  private final Wire wire;
  private final byte[] boxKey;

  DataAnswer(Stream stream, Wire wire, byte[] boxKey) {
    this.stream = stream;
    this.wire = wire;
    this.boxKey = boxKey;
  }

  /** The key of the boxes on this stream. */
  public byte[] boxKey() {
    return boxKey.clone();
  }

  /** Waits for the next request; empty when there will be none. */
  public Optional<int[]> next() throws IOException {
    Optional<FromReceiver> message = wire.readFromReceiver(REQUESTS);
    return message.isEmpty()
        ? Optional.empty()
        : Optional.of(WantCodec.decode(message.get().getWant()));
  }

  /** Sends a box, its length before it. */
  public void write(byte[] array, int offset, int length) throws IOException {
    stream.write(array, offset, length);
  }
}
