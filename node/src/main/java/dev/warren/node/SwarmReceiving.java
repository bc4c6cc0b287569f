package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.node.ReceivingProgress.State;
import dev.warren.protocols.transfer.fetch.IncompleteShareException;
import dev.warren.protocols.transfer.fetch.LyingSourceException;
import dev.warren.protocols.transfer.fetch.TargetException;
import dev.warren.protocols.transfer.manifest.ManifestException;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.session.RefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the sharer, then receives; on a thread of its own. */
final class SwarmReceiving implements Receiving {
  private static final Logger log = LoggerFactory.getLogger(SwarmReceiving.class);

  private final WarrenNode node;
  private final ReceiveOptions options;
  private final Duration timeout;
  private final Ways ways;
  private final Cancellation cancellation = new Cancellation();
  private final Runnable close = this::close;
  private final CountDownLatch finished = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean paused;

  // All that follow are guarded by lock.
  private @Nullable SwarmTransfer transfer;
  private @Nullable Received received;
  private @Nullable IOException failure;

  private SwarmReceiving(WarrenNode node, ReceiveOptions options) {
    this.node = node;
    this.options = options;
    timeout = options.timeout().orElse(node.config().findTimeout());

    List<String> off = new ArrayList<>();
    if (!node.config().lan()) {
      off.add("LAN");
    }
    if (node.config().networks().isEmpty()) {
      off.add("DHT");
    }
    ways = new Ways(off, options.listener()::finding);
  }

  static SwarmReceiving begin(WarrenNode node, ReceiveOptions options) {
    var receiving = new SwarmReceiving(node, options);
    node.began(receiving.close);
    Thread.ofVirtual().name("warren-receive").start(receiving::run);
    return receiving;
  }

  private void run() {
    try {
      Received all = receive();
      lock.lock();
      try {
        received = all;
      } finally {
        lock.unlock();
      }
      options.listener().done(all);
    } catch (IOException e) {
      fail(explain(e));
    } catch (InterruptedException e) {
      fail(new InterruptedIOException("receiving was interrupted"));
    } catch (RuntimeException | Error e) { // whoever awaits it is to hear of it
      fail(new IOException("receiving met a fault: " + e, e));
    } finally {
      finished.countDown();
    }
  }

  private Received receive() throws IOException, InterruptedException {
    try (var search = new Search()) {
      Optional<Found> cutOff = cutOff();
      Found found = cutOff.isPresent() ? cutOff.get() : search.find();
      checkNotBlocked(found.sharer().peerId());
      var begun = SwarmTransfer.begin(node, options, found, timeout, search::again);
      lock.lock();
      try {
        transfer = begun;
      } finally {
        lock.unlock();
      }
      if (paused) {
        begun.pause(true);
      }
      if (cutOff.isPresent()) {
        search.again();
      }
      try (var _ = cancellation.onCancel(() -> begun.abort(new CancelledException(false)))) {
        return begun.await();
      }
    }
  }

  private void checkNotBlocked(PeerId sharer) throws NotAllowedException {
    if (node.isBlocked(sharer)) {
      throw new NotAllowedException(
          NotAllowedException.Reason.BLOCKED_HERE,
          "you have blocked the one who shares this, " + sharer);
    }
  }

  /**
   * What was begun with this code and cut off: it is known who the sharer is, and others who have
   * the share, so that it can go on without the sharer's being found first.
   */
  private Optional<Found> cutOff() throws IOException {
    var output = new Output(node, options.target());
    return node.database().transfers().unfinished(options.code().toString()).stream()
        .filter(it -> it.directory().equals(output.directory(it.share())))
        .flatMap(
            it ->
                it.sharer().inlineKey().stream()
                    .map(sharer -> new Found(sharer, it.share(), it.key(), "")))
        .findFirst();
  }

  /** Looks for the sharer, also later while there is nobody to receive from. */
  private final class Search implements AutoCloseable {
    private final Cancellation end = new Cancellation();
    private final Cancellation.Registration withAll =
        cancellation.onCancel(() -> end.cancel("receiving was ended"));
    private final AtomicBoolean searching = new AtomicBoolean();

    Found find() throws IOException, InterruptedException {
      Found found =
          Finder.find(
              node.host(), options.code(), options.peers(), node.places(), timeout, ways, end);
      options.listener().found(found.sharer().peerId(), found.path());
      return found;
    }

    /** On a thread of its own: it may have another address by now. */
    void again() {
      if (searching.compareAndSet(false, true)) {
        Thread.ofVirtual().name("warren-search").start(this::findAgain);
      }
    }

    private void findAgain() {
      try {
        Found found = find();
        transfer().ifPresent(it -> it.found(found));
      } catch (IOException e) {
        log.debug("the sharer is not found: {}", e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        searching.set(false);
      }
    }

    @Override
    public void close() {
      withAll.close();
      end.cancel("it is not needed any more");
    }
  }

  private void fail(IOException reason) {
    Optional<SwarmTransfer> begun;
    lock.lock();
    try {
      failure = reason;
      begun = Optional.ofNullable(transfer);
    } finally {
      lock.unlock();
    }
    begun.ifPresent(SwarmTransfer::close);
  }

  static IOException explain(IOException failure) {
    String sentence = String.valueOf(failure.getMessage());
    return switch (failure) {
      case ReceiveException known -> known;
      case RefusedException refused ->
          new NotAllowedException(reason(refused.reason()), sentence, refused);
      case dev.warren.libp2p.transport.CancelledException _ -> new CancelledException(false);
      case IncompleteShareException _,
          LyingSourceException _,
          ManifestException _,
          HostileNameException _ ->
          new CorruptShareException(sentence, failure);
      case IOException _ when isFull(failure) -> new NoRoomException("the disk is full", failure);
      case TargetException target -> target.getCause() instanceof IOException io ? io : target;
      default -> failure;
    };
  }

  /** Java has no exception for it: the words of Linux and macOS, of Windows, of SQLite. */
  private static boolean isFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("No space left on device")
          || message.contains("Disk quota exceeded")
          || message.contains("not enough space on the disk")
          || message.contains("database or disk is full")) {
        return true;
      }
    }
    return false;
  }

  private static NotAllowedException.Reason reason(RefusedException.Reason reason) {
    return switch (reason) {
      case UNKNOWN -> NotAllowedException.Reason.UNKNOWN;
      case EXPIRED -> NotAllowedException.Reason.EXPIRED;
      case NOT_APPROVED -> NotAllowedException.Reason.NOT_APPROVED;
      case BLOCKED -> NotAllowedException.Reason.BLOCKED;
      case EXHAUSTED -> NotAllowedException.Reason.EXHAUSTED;
      case BUSY -> NotAllowedException.Reason.BUSY;
    };
  }

  @Override
  public ReceivingProgress progress() {
    Optional<SwarmTransfer> begun = transfer();
    if (begun.isPresent()) {
      return begun.get().progress(ways.all());
    }
    State state = finished.getCount() == 0 ? State.FAILED : State.FINDING;
    return new ReceivingProgress(state, ways.all(), "", 0, 0, 0, 0, 0, 0, 0, "", false, List.of());
  }

  private Optional<SwarmTransfer> transfer() {
    lock.lock();
    try {
      return Optional.ofNullable(transfer);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void pause() {
    paused = true;
    transfer().ifPresent(it -> it.pause(true));
  }

  @Override
  public void resume() {
    paused = false;
    transfer().ifPresent(it -> it.pause(false));
  }

  @Override
  public Received await() throws IOException, InterruptedException {
    finished.await();
    lock.lock();
    try {
      if (received == null) {
        throw failure == null ? new CancelledException(false) : failure;
      }
      return received;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    node.ended(close);
    cancellation.cancel("receiving was ended");
    boolean interrupted = false;
    while (finished.getCount() > 0) {
      try {
        finished.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    transfer().ifPresent(SwarmTransfer::close);
  }
}
