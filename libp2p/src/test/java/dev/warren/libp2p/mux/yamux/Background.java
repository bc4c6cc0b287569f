package dev.warren.libp2p.mux.yamux;

import java.util.concurrent.CompletableFuture;

/** Work that blocks, beside the test's own thread. */
final class Background {
  private Background() {}

  /** Something that may block or fail. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws Exception;
  }

  /** Something that may block or fail. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  static CompletableFuture<Void> run(Action action) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    start(
        result,
        () -> {
          action.run();
          return null;
        });
    return result;
  }

  static <T> CompletableFuture<T> get(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    start(result, work);
    return result;
  }

  private static <T> void start(CompletableFuture<T> result, Work<? extends T> work) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(work.run());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
  }
}
