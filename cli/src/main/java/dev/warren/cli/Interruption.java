package dev.warren.cli;

import dev.warren.libp2p.transport.Cancellation;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * The user's wish to stop, and the time that the command gets to stop in good order.
 *
 * <p>On Ctrl-C the JVM runs its shutdown hooks while the command goes on. Ours asks the command to
 * stop and keeps the JVM alive until it has written its summary, or has had long enough; the JVM
 * then ends with 130 (143 for SIGTERM) by itself.
 */
final class Interruption {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Cancellation actions = new Cancellation();
  private volatile boolean bySystem;
  private volatile Duration patience = PATIENCE;

  /** Makes signals to this process count as the user's wish. */
  Interruption installed() {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::requestAndWait));
    return this;
  }

  /**
   * Tells from now on whether it is the user who wishes the end, by Ctrl-C, or the system: a
   * logout, a shutdown, a terminal that was closed.
   */
  void distinguishSystem() {
    onSignal("TERM", 128 + 15);
    onSignal("HUP", 128 + 1);
  }

  /**
   * Gives the command longer to stop, or as long as the user has patience: a second signal ends it
   * at once.
   */
  void takeTime(Duration most) {
    patience = most;
    onSecond("INT", 128 + 2);
    onSecond("TERM", 128 + 15);
  }

  private void onSecond(String name, int exitCode) {
    var _ =
        Signals.register(
            name,
            () -> {
              if (requested()) {
                Runtime.getRuntime().halt(exitCode);
              }
              Thread.ofPlatform().start(() -> System.exit(exitCode));
            });
  }

  private void onSignal(String name, int exitCode) {
    var _ =
        Signals.register(
            name,
            () -> {
              bySystem = true;
              // On a thread of its own: exiting waits for the command, and the next signal for us.
              Thread.ofPlatform().start(() -> System.exit(exitCode));
            });
  }

  /** Whether the system wishes the end, and not the user. */
  boolean bySystem() {
    return bySystem;
  }

  /** Asks the command to stop. */
  void request() {
    requested.countDown();
    actions.cancel("interrupted");
  }

  boolean requested() {
    return requested.getCount() == 0;
  }

  /** Registers what ends blocking work; runs it at once when the wish was uttered already. */
  Cancellation.Registration onRequest(Runnable action) {
    return actions.onCancel(action);
  }

  /**
   * Waits.
   *
   * @return whether the user wished to stop meanwhile
   */
  boolean within(Duration time) {
    try {
      return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      return true;
    }
  }

  /** Lets the JVM end. Called when everything has been written. */
  void finish() {
    finished.countDown();
  }

  private void requestAndWait() {
    if (finished.getCount() == 0) {
      return; // the command has come to its end by itself
    }
    request();
    try {
      boolean _ = finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      // Nobody knows this thread; and if somebody does, they want it to end.
    }
  }
}
