package dev.warren.libp2p.mux.yamux;

/** What the peer allows us to send on one stream. Guarded by the stream's lock. */
final class SendWindow {
  private long credit = ReceiveWindow.INITIAL_BYTES;

  /** Adds credit; the first lot comes on top of the initial window. */
  void add(long bytes) throws YamuxViolationException {
    if (credit + bytes > FrameHeader.MAX_LENGTH) {
      throw Violation.WINDOW_OVERFLOW.exception(credit + " + " + bytes);
    }
    credit += bytes;
  }

  /** Uses up as much credit as there is for so many bytes. */
  int take(int wanted) {
    int granted = (int) Math.min(wanted, credit);
    credit -= granted;
    return granted;
  }

  boolean isEmpty() {
    return credit == 0;
  }
}
