package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.host.Stream;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource.KindCase;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** The receiver's end of a stream that follows a share. One thread waits for events; any tells. */
public final class FollowSession implements Closeable {
  private static final Set<KindCase> EVENTS =
      EnumSet.of(KindCase.SEGMENT, KindCase.HAVE, KindCase.PEERS);

  private final Stream stream;
  private final Wire wire;
  private final Acceptance acceptance;

  FollowSession(Stream stream, Wire wire, Acceptance acceptance) {
    this.stream = stream;
    this.wire = wire;
    this.acceptance = acceptance;
  }

  /** What the source said as it let us have the share. */
  public Acceptance acceptance() {
    return acceptance;
  }

  /** Says something to the source. */
  public void tell(FollowRequest request) throws IOException {
    wire.send(FollowCodec.encode(request));
  }

  /**
   * Waits for what the source says next, for as long as it takes.
   *
   * @throws EOFException if it has nothing to say any more
   */
  public FollowEvent next() throws IOException {
    FromSource message =
        wire.readFromSource(EVENTS)
            .orElseThrow(() -> new EOFException("the source has ended the share"));
    return FollowCodec.decode(message);
  }

  /** Ends the stream in good order: what was told arrives. From any thread. */
  @Override
  public void close() {
    stream.close();
  }
}
