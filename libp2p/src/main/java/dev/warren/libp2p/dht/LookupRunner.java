package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs look-ups: the caller's thread has the {@link Lookup} to itself, and each question a virtual
 * thread. When a look-up is over, what is still under way is given up.
 */
final class LookupRunner {
  private static final Logger log = LoggerFactory.getLogger(LookupRunner.class);

  /** Questions of all look-ups under way at once, each with a dial and a buffer of its own. */
  private static final int MAX_CALLS = 256;

  /** Asks one peer. */
  @FunctionalInterface
  interface Question {
    Response ask(Contact contact, Call call) throws IOException;
  }

  /** Gets to know what comes of a look-up, on the thread that runs it. */
  interface Watcher {
    /** A peer has answered; what it named is in the look-up already. */
    void answered(Contact contact, Response response);

    /** Something has changed: somebody was heard of, has answered or failed. */
    default void changed() throws InterruptedIOException {}
  }

  private sealed interface Event {
    record Answered(Contact contact, Response response) implements Event {}

    record Failed(Contact contact, IOException cause) implements Event {}

    record Tick() implements Event {}
  }

  private final TimeSource time;
  private final Membership members;
  private final Reach reach;
  private final Semaphore calls = new Semaphore(MAX_CALLS);

  LookupRunner(TimeSource time, Membership members, Reach reach) {
    this.time = time;
    this.members = members;
    this.reach = reach;
  }

  /** Runs it until it is done. */
  void run(Lookup lookup, Question question, Watcher watcher) throws InterruptedIOException {
    Map<PeerId, Call> running = new HashMap<>();
    BlockingQueue<Event> events = new LinkedBlockingQueue<>(); // as many as there are calls
    try {
      while (true) {
        watcher.changed();
        for (Contact contact : lookup.next(time.nanoTime())) {
          calls.acquire();
          running.put(contact.peer(), start(contact, question, events));
        }
        if (lookup.isDone()) {
          break;
        }
        switch (take(lookup, events)) {
          case Event.Answered(Contact contact, Response response) -> {
            running.remove(contact.peer());
            lookup.answered(contact.peer(), reachable(response));
            watcher.answered(contact, response);
          }
          case Event.Failed(Contact contact, IOException cause) -> {
            log.debug("{} did not answer: {}", contact.peer(), cause.toString());
            running.remove(contact.peer());
            lookup.failed(contact.peer());
            members.failed(contact);
          }
          case Event.Tick() -> lookup.tick(time.nanoTime());
        }
      }
      // They have had longer than peers take, and would have been waited for.
      lookup.slow().forEach(members::failed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the look-up was interrupted");
    } finally {
      running.values().forEach(Call::cancel);
    }
  }

  private List<Contact> reachable(Response response) {
    return response.closer().stream()
        .filter(contact -> reach.admits(contact.addresses()))
        .map(contact -> contact.at(reach.filter(contact.addresses())))
        .toList();
  }

  private Event take(Lookup lookup, BlockingQueue<Event> events) throws InterruptedException {
    Event ready = events.poll();
    if (ready != null) {
      return ready;
    }
    var due = lookup.nextTickNanos();
    if (due.isEmpty()) {
      throw new IllegalStateException("a look-up that waits for nothing is done");
    }
    long waitNanos = Math.max(0, due.getAsLong() - time.nanoTime());
    try (var _ = time.after(Duration.ofNanos(waitNanos), () -> events.add(new Event.Tick()))) {
      return events.take();
    }
  }

  private Call start(Contact contact, Question question, BlockingQueue<Event> events) {
    var call = new Call();
    Thread.ofVirtual()
        .name("dht-call")
        .start(
            () -> {
              try {
                Response response = question.ask(contact, call);
                members.answered(contact);
                events.add(new Event.Answered(contact, response));
              } catch (IOException e) {
                events.add(new Event.Failed(contact, e));
              } catch (RuntimeException e) {
                log.warn("a call to {} met a fault", contact.peer(), e);
                events.add(new Event.Failed(contact, new IOException(e)));
              } finally {
                calls.release();
              }
            });
    return call;
  }
}
