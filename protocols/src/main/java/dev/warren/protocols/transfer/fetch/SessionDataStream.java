package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.content.BoxException;
import dev.warren.protocols.transfer.content.BoxOpener;
import dev.warren.protocols.transfer.content.Throttle;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException.Reason;
import dev.warren.protocols.transfer.session.DataSession;
import java.io.IOException;
import java.util.EnumSet;

/** Chunks over the network, out of the boxes that they come in. */
final class SessionDataStream implements DataStream {
  private static final int LENGTH_BYTES = 4;

  private final DataSession session;
  private final Throttle throttle;
  private final BoxOpener boxes;

  SessionDataStream(DataSession session, Throttle throttle) {
    this.session = session;
    this.throttle = throttle;
    boxes = new BoxOpener(session.boxKey());
  }

  @Override
  public void want(int[] ordinals) throws IOException {
    session.want(ordinals);
  }

  @Override
  public int next() throws IOException {
    try {
      while (!boxes.next()) {
        openBox();
      }
    } catch (BoxException e) {
      throw new LyingSourceException("the source sent " + e.getMessage(), e);
    }
    if (boxes.reason() != 0) {
      Reason reason =
          EnumSet.allOf(Reason.class).stream()
              .filter(it -> it.number() == boxes.reason())
              .findFirst()
              .orElseThrow();
      throw new ChunkUnavailableException(reason, "the source cannot give a chunk: " + reason);
    }
    return boxes.length();
  }

  private void openBox() throws IOException {
    byte[] sealed = boxes.sealed();
    session.readFully(sealed, 0, LENGTH_BYTES);
    int length =
        (sealed[0] & 0xff) << 24
            | (sealed[1] & 0xff) << 16
            | (sealed[2] & 0xff) << 8
            | (sealed[3] & 0xff);
    BoxOpener.checkLength(length);
    for (int at = 0; at < length; ) {
      int some = throttle.take(length - at);
      session.readFully(sealed, at, some);
      at += some;
    }
    boxes.open(length);
  }

  @Override
  public void rest() {
    boxes.rest();
  }

  @Override
  public byte[] array() {
    return boxes.array();
  }

  @Override
  public int offset() {
    return boxes.offset();
  }

  @Override
  public void close() {
    session.close();
  }
}
