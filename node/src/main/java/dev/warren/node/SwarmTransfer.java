package dev.warren.node;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.ReceivingProgress.Source;
import dev.warren.node.ReceivingProgress.State;
import dev.warren.node.receive.Finished;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.FileSum;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.fetch.Download;
import dev.warren.protocols.transfer.fetch.DownloadListener;
import dev.warren.protocols.transfer.fetch.DownloadProgress;
import dev.warren.protocols.transfer.fetch.SessionLink;
import dev.warren.protocols.transfer.fetch.SourceLink;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.Receipt;
import dev.warren.protocols.transfer.session.ShareAccess;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A share that is being received from all that have it, and given to others meanwhile and after,
 * until it is closed.
 */
final class SwarmTransfer implements DownloadListener {
  /** How often it is noted how far it is, for those who list transfers. */
  private static final Duration NOTE_INTERVAL = Duration.ofSeconds(2);

  private final WarrenNode node;
  private final Host host;
  private final ReceiveOptions options;
  private final ReceivingListener listener;
  private final Found found;
  private final Duration timeout;
  private final Runnable alone;
  private final Output output;
  private final ReceivedFiles files;
  private final SwarmMemory memory;
  private final SpeedLimit down;
  private final SpeedLimit up;
  private final Download download;
  private final Optional<SeededShare> seed;
  private final HostListener moves;
  private final Subscription listed;
  private final Repeated notes;
  private final SwarmSources connected;

  /** Ends when it is decided whether to receive it; or never will be. */
  private final CountDownLatch decided = new CountDownLatch(1);

  private final ReentrantLock lock = new ReentrantLock();

  // All that follow are guarded by lock.
  private State state = State.LISTING;
  private boolean paused;
  private boolean closed;
  private ReceivePlan.@Nullable Totals asked;
  private @Nullable IOException aborted;
  private long beganNanos;

  private SwarmTransfer(
      WarrenNode node,
      ReceiveOptions options,
      Found found,
      Duration timeout,
      Runnable alone,
      Output output,
      ReceivedFiles files)
      throws IOException {
    this.node = node;
    this.options = options;
    this.found = found;
    this.timeout = timeout;
    this.alone = alone;
    this.output = output;
    this.files = files;
    host = node.host();
    listener = options.listener();
    beganNanos = host.time().nanoTime();
    memory = new SwarmMemory(files.database());
    connected = new SwarmSources(host.time(), timeout, this::giveUp);
    down = SpeedLimit.of(node.down(), node.limiter(options.limitDown()));
    up = SpeedLimit.of(node.up(), node.limiter(options.limitUp()));
    download =
        new Download(
            node.peerId(),
            found.sharer().peerId(),
            files.share(),
            new VerifyingReader(found.sharer(), found.share(), files.database()),
            this::connect,
            this,
            host.time(),
            new SecureRandom());
    seed =
        options.seed()
            ? Optional.of(new SeededShare(node, found, memory, files, up))
            : Optional.empty();
    moves = new DirectConnections(download);
    listed = files.database().onGrowth(this::decideWhenListed);
    notes = new Repeated(host.time(), NOTE_INTERVAL, this::note);
  }

  /**
   * Begins to receive, or goes on with what is here.
   *
   * @param alone is run whenever there is nobody to receive from; must not block
   */
  static SwarmTransfer begin(
      WarrenNode node, ReceiveOptions options, Found found, Duration timeout, Runnable alone)
      throws IOException {
    var output = new Output(node, options.target());
    ReceivedFiles files =
        ReceivedFiles.open(node, found, output.directory(found.share()), options.code());
    boolean begun = false;
    try {
      var transfer = new SwarmTransfer(node, options, found, timeout, alone, output, files);
      begun = true;
      transfer.start();
      return transfer;
    } finally {
      if (!begun) {
        files.close();
      }
    }
  }

  private void start() throws IOException {
    steer();
    decideWhenListed();
    seed.ifPresent(share -> node.served().add(share));
    if (seed.isPresent()) {
      download.announce(seed.get().announcement(false));
    }
    host.addListener(moves);
    download.addSource(found.sharer().peerId());
    for (FollowEvent.Seed known : memory.seeds()) {
      addSource(known);
    }
  }

  // --- Sources

  private SourceLink connect(PeerId source) throws IOException {
    if (node.isBlocked(source)) {
      throw new IOException("you have blocked this peer");
    }
    Connection connection = node.traversal().forContent(host.dial(source));
    memory.keep(new FollowEvent.Seed(source, host.peerstore().addresses(source), new byte[0]));
    return new SessionLink(
        connection,
        node.sessions(),
        () -> new ShareAccess(found.share(), found.key(), found.sharer().peerId(), memory.token()),
        accepted -> memory.keep(accepted, source.equals(found.sharer().peerId())),
        listener::waitingForApproval,
        down,
        ConnectionPath.describe(connection.remoteAddress()));
  }

  private void addSource(FollowEvent.Seed other) {
    if (!other.peer().equals(node.peerId())) {
      host.peerstore().addAddresses(other.peer(), other.addresses());
      download.addSource(other.peer());
    }
  }

  @Override
  public void discovered(FollowEvent.Seed other) {
    memory.keep(other);
    addSource(other);
  }

  @Override
  public void connected(PeerId source, String path) {
    connected.connected(source);
    listener.connected(source, path);
  }

  @Override
  public void lost(PeerId source, IOException reason, Duration retryAfter) {
    if (leave(source)) {
      listener.lost(source, String.valueOf(reason.getMessage()), retryAfter);
    }
  }

  @Override
  public void dropped(PeerId source, IOException reason) {
    if (leave(source)) {
      listener.dropped(source, String.valueOf(reason.getMessage()));
    }
  }

  /** Yields whether it matters: a sharer who wanted one receiver goes when that has all of it. */
  private boolean leave(PeerId source) {
    boolean nobody = connected.left(source);
    if (isOver()) {
      return false;
    }
    if (nobody) {
      alone.run();
    }
    return true;
  }

  /** The sharer was found again, and is connected. */
  void found(Found again) {
    if (again.sharer().equals(found.sharer()) && again.share().equals(found.share())) {
      download.retry(found.sharer().peerId());
    }
  }

  private void giveUp() {
    if (!isOver()) {
      abort(
          new NotFoundException(
              "nobody who has the share could be reached for %d s".formatted(timeout.toSeconds()),
              List.of()));
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return !isUnfinished();
    } finally {
      lock.unlock();
    }
  }

  private boolean isUnfinished() {
    return switch (state) {
      case FINDING, LISTING, ASKING, RECEIVING, PAUSED -> true;
      case DONE, FAILED -> false;
    };
  }

  // --- Consent

  /** On a thread of its own: a person may be asked, and the one that we are told on receives. */
  private void decideWhenListed() {
    lock.lock();
    try {
      if (state != State.LISTING || !files.database().totals().listed()) {
        return;
      }
      state = State.ASKING;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual()
        .name("warren-consent")
        .start(
            () -> {
              try {
                decide();
              } catch (IOException e) {
                abort(e);
              } catch (RuntimeException | Error e) { // nobody else would end the waiting
                abort(new IOException("the consent met a fault: " + e, e));
              }
            });
  }

  private void decide() throws IOException {
    boolean begins = !files.share().hasBegun();
    Optional<ReceivePlan.Totals> agreed =
        new SwarmConsent(options, found, memory, files, output).ask();
    if (agreed.isEmpty()) {
      abort(new CancelledException(true));
      return;
    }
    lock.lock();
    try {
      asked = agreed.get();
      beganNanos = host.time().nanoTime();
      if (state == State.ASKING) {
        state = State.RECEIVING;
      }
    } finally {
      lock.unlock();
    }
    if (begins) {
      files.share().begin();
    }
    decided.countDown();
    steer();
  }

  // --- From the beginning to the end

  void pause(boolean now) {
    lock.lock();
    try {
      paused = now;
    } finally {
      lock.unlock();
    }
    steer();
  }

  /** Also one that goes on waits for consent, which may be to another selection. */
  private void steer() {
    lock.lock();
    try {
      if (paused || decided.getCount() > 0) {
        download.pause();
      } else {
        download.resume();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends it for a reason. */
  void abort(IOException reason) {
    lock.lock();
    try {
      if (aborted == null && isUnfinished()) {
        aborted = reason;
      }
    } finally {
      lock.unlock();
    }
    decided.countDown();
    download.close();
  }

  /** Waits until everything is here. */
  Received await() throws IOException, InterruptedException {
    Optional<Finished> finished = Optional.empty();
    try {
      download.await();
      decided.await(); // of one that goes on, all may be here already
      checkNotAborted();
      finished = Optional.of(files.share().finish());
    } catch (IOException e) {
      checkNotAborted();
      throw e;
    } finally {
      end(finished.isPresent() ? State.DONE : State.FAILED);
    }
    return report(finished.orElseThrow());
  }

  private void checkNotAborted() throws IOException {
    lock.lock();
    try {
      if (aborted != null) {
        throw aborted;
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(State how) {
    notes.close();
    connected.close();
    lock.lock();
    try {
      state = how;
    } finally {
      lock.unlock();
    }
  }

  private void note() throws IOException {
    ReceivingProgress now = progress(List.of());
    if (now.state() == State.RECEIVING || now.state() == State.PAUSED) {
      files.note(now.name(), now.files(), now.bytes(), now.doneBytes());
    }
  }

  private Received report(Finished finished) throws IOException {
    ReceivingProgress progress = progress(List.of());
    Duration time;
    lock.lock();
    try {
      time = Duration.ofNanos(host.time().nanoTime() - beganNanos);
    } finally {
      lock.unlock();
    }
    var received =
        new Received(
            progress.name(),
            finished.whole().files(),
            finished.whole().bytes(),
            finished.skipped(),
            finished.gone(),
            finished.firstGone(),
            progress.receivedBytes(),
            progress.reusedBytes(),
            time,
            (int) progress.sources().stream().filter(it -> it.receivedBytes() > 0).count());
    output.deliver(files); // if that fails, what is here stays, and can be handed over again
    download.sendReceipt(
        new Receipt(received.receivedBytes(), received.files(), time.toMillis(), true));
    if (seed.isPresent()) {
      download.announce(seed.get().announcement(true));
    }
    Instant now = Instant.now();
    files.noteDone(received);
    node.database()
        .audit()
        .add(
            new AuditLog.Line(
                now,
                AuditLog.Event.RECEIVED,
                found.share().text(),
                found.sharer().peerId().toString(),
                received.receivedBytes(),
                received.files(),
                time.toMillis(),
                received.name()));
    return received;
  }

  ReceivingProgress progress(List<Way> ways) {
    DownloadProgress progress = download.progress();
    long reused = files.share().reusedBytes();
    List<Source> sources =
        progress.sources().stream()
            .map(
                it -> new Source(it.peer(), node.petname(it.peer()), it.path(), it.receivedBytes()))
            .toList();
    lock.lock();
    try {
      var listing = files.database().totals();
      FileSum gone = files.share().gone();
      long wantedFiles = (asked == null ? listing.files() : asked.files()) - gone.files();
      long wantedBytes = (asked == null ? listing.bytes() : asked.bytes()) - gone.bytes();
      long here = Math.min(wantedBytes, files.share().filledBytes());
      return new ReceivingProgress(
          paused && state == State.RECEIVING ? State.PAUSED : state,
          ways,
          memory.name(),
          wantedFiles,
          wantedBytes,
          files.share().finishedFiles(),
          state == State.DONE ? wantedBytes : here,
          progress.receivedBytes(),
          reused,
          seed.map(SeededShare::sentBytes).orElse(0L),
          state == State.RECEIVING ? files.share().currentFile() : "",
          !progress.manifestComplete(),
          sources);
    } finally {
      lock.unlock();
    }
  }

  /** Leaves the sources and gives nothing more to others; what is here stays. */
  void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    var closing = new Closing();
    if (!files.share().hasBegun()) {
      closing.add(files::forget); // nothing of it is here to go on from
    }
    closing.add(() -> output.release(files));
    closing.add(() -> host.removeListener(moves));
    closing.add(files);
    closing.add(listed::close);
    closing.add(connected);
    closing.add(up);
    closing.add(down);
    closing.add(download);
    seed.ifPresent(
        share -> {
          closing.add(() -> node.server().end(share));
          closing.add(() -> node.served().remove(share));
        });
    closing.close();
  }
}
