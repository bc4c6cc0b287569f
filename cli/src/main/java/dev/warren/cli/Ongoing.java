package dev.warren.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/**
 * Something that a node does, on which the command waits while it tells the news of it: until it
 * ends by itself, or the user wishes to stop.
 */
final class Ongoing<T> {
  /** Waits for its end. */
  @FunctionalInterface
  interface Waiting<T> {
    T await() throws IOException, InterruptedException;
  }

  private final Session session;
  private final News news;
  private final CompletableFuture<T> end = new CompletableFuture<>();

  Ongoing(Session session, News news) {
    this.session = session;
    this.news = news;
  }

  /** Has this done again and again while it goes on, by the command's thread. */
  void every(Duration interval, Runnable show) {
    var _ =
        session
            .time()
            .after(
                interval,
                () -> {
                  if (!isOver()) {
                    news.tell(show);
                    every(interval, show);
                  }
                });
  }

  /**
   * Waits for the end.
   *
   * @return what came of it; nothing when the user wishes to stop before
   * @throws IOException if it failed
   */
  Optional<T> await(Waiting<T> waiting) throws IOException {
    Thread.ofVirtual().name("warren-await").start(() -> await(waiting, end));
    try (var _ = session.interruption().onRequest(news::wake)) {
      news.until(this::isOver);
      session.console().endStatus();
      return end.isDone() ? Optional.of(end.get()) : Optional.empty();
    } catch (InterruptedException _) {
      return Optional.empty(); // nobody else has this thread
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Waits for the user to stop what does not end by itself. */
  void untilStopped() throws IOException {
    Optional<T> _ =
        await(
            () -> {
              new CountDownLatch(1).await();
              throw new AssertionError("nobody counts it down");
            });
  }

  private void await(Waiting<T> waiting, CompletableFuture<T> whole) {
    try {
      whole.complete(waiting.await());
    } catch (IOException | InterruptedException | RuntimeException e) {
      whole.completeExceptionally(e);
    }
    news.wake();
  }

  private boolean isOver() {
    return end.isDone() || session.interruption().requested();
  }
}
