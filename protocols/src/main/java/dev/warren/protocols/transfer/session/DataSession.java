package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.host.Stream;
import java.io.Closeable;
import java.io.IOException;

/**
 * The receiver's end of a stream for chunks. One thread reads; any asks. Who asks and reads on one
 * thread keeps to {@link TransferProtocol#MAX_OUTSTANDING_CHUNKS}, or waits for itself.
 */
public final class DataSession implements Closeable {
  private final Stream stream;
  private final Wire wire;
  private final Acceptance acceptance;
  private final byte[] boxKey;

  DataSession(Stream stream, Wire wire, Acceptance acceptance, byte[] boxKey) {
    this.stream = stream;
    this.wire = wire;
    this.acceptance = acceptance;
    this.boxKey = boxKey;
  }

  /** What the source said as it let us have the share. */
  public Acceptance acceptance() {
    return acceptance;
  }

  /** The key of the boxes on this stream. */
  public byte[] boxKey() {
    return boxKey.clone();
  }

  /** Asks for chunks, without waiting for them. */
  public void want(int[] ordinals) throws IOException {
    wire.send(WantCodec.encode(ordinals));
  }

  /**
   * Fills the whole range with what comes next of the boxes. Called only while something that was
   * asked for is owed: a source that sends nothing for {@link TransferProtocol#SILENCE} then is as
   * good as lost.
   *
   * @throws java.net.SocketTimeoutException if it was silent for so long
   */
  public void readFully(byte[] array, int offset, int length) throws IOException {
    stream.readFully(array, offset, length);
  }

  /** Ends the stream, from any thread. */
  @Override
  public void close() {
    stream.reset(0);
  }
}
