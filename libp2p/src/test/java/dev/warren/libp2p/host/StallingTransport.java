package dev.warren.libp2p.host;

import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** From one moment until another, no peer that was dialed takes a byte. */
final class StallingTransport extends WrappedTransport {
  private final BlockingQueue<RawConnection> stuck = new LinkedBlockingQueue<>();
  private final List<CountDownLatch> waiting = new CopyOnWriteArrayList<>();
  private volatile boolean stalled;

  StallingTransport(Transport transport) {
    super(transport);
  }

  void stall() {
    stalled = true;
  }

  void recover() {
    stalled = false;
    waiting.forEach(CountDownLatch::countDown);
  }

  /** The connections on which somebody tries to write. */
  BlockingQueue<RawConnection> stuck() {
    return stuck;
  }

  @Override
  protected RawConnection dialed(RawConnection raw) {
    var closed = new CountDownLatch(1);
    waiting.add(closed);
    return new Raw(raw) {
      @Override
      public void write(byte[] buffer, int offset, int length) throws IOException {
        if (stalled) {
          stuck.add(this);
          try {
            closed.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        }
        super.write(buffer, offset, length);
      }

      @Override
      public void close() {
        super.close();
        closed.countDown();
      }
    };
  }
}
