package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.MuxedConnection.Acceptor;
import dev.warren.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Two connections that talk to each other over a pipe. */
final class Ends implements AutoCloseable {

  /** What is done with a stream that the other end opens, on a thread of its own. */
  @FunctionalInterface
  interface Handler {
    void handle(MuxedStream stream) throws Exception;
  }

  final ManualTime time = new ManualTime();
  final YamuxConnection dialer;
  final YamuxConnection listener;
  final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private final Thread dialerThread;
  private final Thread listenerThread;

  Ends(YamuxSettings settings, int capacity, Handler handler) {
    Pipe[] pipes = Pipe.pair(capacity);
    SpareBlocks spares = new SpareBlocks();
    dialer = new YamuxConnection(pipes[0], settings, spares, time, true);
    listener = new YamuxConnection(pipes[1], settings, spares, time, false);
    dialerThread = Thread.ofVirtual().start(() -> dialer.run(stream -> false));
    Acceptor acceptor =
        stream -> {
          Thread.ofVirtual().start(() -> handle(handler, stream));
          return true;
        };
    listenerThread = Thread.ofVirtual().start(() -> listener.run(acceptor));
  }

  static void echo(MuxedStream stream) throws IOException {
    byte[] bytes = new byte[16 << 10];
    for (int n = stream.read(bytes, 0, bytes.length);
        n >= 0;
        n = stream.read(bytes, 0, bytes.length)) {
      stream.write(bytes, 0, n);
    }
    stream.close();
  }

  private void handle(Handler handler, MuxedStream stream) {
    try {
      handler.handle(stream);
    } catch (Throwable e) {
      failed.complete(e);
      stream.reset(1);
    }
  }

  @Override
  public void close() {
    dialer.close();
    listener.close();
    join(dialerThread);
    join(listenerThread);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
