package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.share.LocalShare;
import dev.warren.node.share.ShareRequest;
import dev.warren.node.share.SkipRules;
import dev.warren.node.share.Terms;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.ManifestTotals;
import dev.warren.protocols.admission.Admitted;
import dev.warren.protocols.admission.WordShare;
import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.LegacyCode;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.Ticket;
import dev.warren.sharecodes.WordCode;
import dev.warren.sharecodes.pake.CodeGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A share of this node, served and announced. */
final class LocalSharing implements Sharing {
  private static final Logger log = LoggerFactory.getLogger(LocalSharing.class);

  /** How a share keeps its words, so that they are good when it goes on. */
  private static final String WORDS = "words";

  private static final String NO_WORDS = "";

  /** How often wrong ones were tried; a start anew is no new chance to guess. */
  private static final String WRONG_WORDS = "wrong-words";

  private final WarrenNode node;
  private final ShareOptions options;
  private final SharingListener listener;
  private final Receivers receivers;
  private final LocalShare share;
  private final Optional<WordShare> words;
  private final Closing announcements = new Closing();
  private final Runnable leave = this::leave;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();

  // All that follow are guarded by lock.
  private boolean ending;
  private boolean wordsAreGood;
  private @Nullable End end;
  private @Nullable IOException failure;

  private LocalSharing(WarrenNode node, ShareOptions options) throws IOException {
    this.node = node;
    this.options = options;
    listener = options.listener();
    receivers =
        new Receivers(
            node,
            listener,
            // On a thread of its own: that of a receiver ends when the share has.
            () -> Thread.ofVirtual().name("warren-share-end").start(() -> end(End.RECEIVED)));
    share = node.localShares().begin(request());
    boolean begun = false;
    try {
      words = options.words() ? takeWords() : Optional.empty();
      wordsAreGood = words.isPresent();
      begun = true;
    } finally {
      if (!begun) {
        share.end();
      }
    }
  }

  static LocalSharing begin(WarrenNode node, ShareOptions options) throws IOException {
    if (!options.words()) {
      node.traversal().awaitRelay(); // a ticket that has been given away learns nothing more
    }
    var sharing = new LocalSharing(node, options);
    sharing.serve();
    return sharing;
  }

  private ShareRequest request() {
    ShareRequest.Content content =
        switch (options.source()) {
          case ShareOptions.Source.Paths(List<Path> paths) -> new ShareRequest.Paths(paths);
          case ShareOptions.Source.Content(String name, var stream) ->
              new ShareRequest.Text(name, stream);
        };
    var terms =
        new Terms(
            options.expires().map(Instant.now()::plus),
            options.receivers(),
            peer -> options.approval().approve(peer, node.petname(peer)),
            options.approval() != Approval.EVERYBODY,
            Stream.of(node.limiter(options.limitUp()), node.up())
                .flatMap(Optional::stream)
                .toList());
    return new ShareRequest(
        content,
        options.name().isEmpty() ? options.source().defaultName() : options.name(),
        options.description(),
        SkipRules.NONE,
        options.exclude(),
        terms,
        options.fresh(),
        note -> listener.warning(note.sentence()),
        receivers);
  }

  /** Words of this share: those that it had, if it goes on, or new ones. */
  private Optional<WordShare> takeWords() throws IOException {
    Optional<String> kept = share.database().meta(WORDS);
    if (kept.isPresent()) {
      int wrong = wrongWords();
      Optional<WordShare> same = parse(kept.get()).map(code -> wordShare(code, wrong));
      if (same.isEmpty() || node.words().add(same.get())) {
        return same;
      }
    }
    var random = new SecureRandom();
    while (true) {
      WordShare fresh = wordShare(WordCode.generate(random), 0);
      if (node.words().add(fresh)) {
        share.database().putMeta(WRONG_WORDS, "0");
        share.database().putMeta(WORDS, fresh.code().toString());
        return Optional.of(fresh);
      }
    }
  }

  private static Optional<WordCode> parse(String kept) {
    try {
      return kept.equals(NO_WORDS) ? Optional.empty() : Optional.of(WordCode.parse(kept));
    } catch (InvalidShareCodeException e) {
      return Optional.empty();
    }
  }

  private int wrongWords() throws IOException {
    return share.database().meta(WRONG_WORDS).map(Integer::parseInt).orElse(0);
  }

  private WordShare wordShare(WordCode code, int wrongBefore) {
    var guard = new CodeGuard(node.host().time()::nanoTime, wrongBefore, this::wrongWords);
    return new WordShare(code, guard, new Admitted(share.id(), share.key()));
  }

  private void serve() {
    node.served().add(share);
    byte[] ofShare = share.id().rendezvousKey(node.peerId());
    Optional<byte[]> ofWords = words.map(good -> good.code().rendezvousKey());
    for (Rendezvous place : node.places()) {
      announcements.add(
          place.announce(ofShare, ofWords.isEmpty() ? listener::announced : _ -> {})::close);
      ofWords.ifPresent(key -> announcements.add(place.announce(key, listener::announced)::close));
    }
    if (options.expires().isPresent()) {
      TimeSource.Scheduled expiry =
          node.host().time().after(options.expires().get(), () -> end(End.EXPIRED));
      announcements.add(expiry::cancel);
    }
    node.began(leave);
    var _ =
        share
            .hashed()
            .whenComplete(
                (_, failed) -> {
                  if (failed == null) {
                    listener.hashed();
                  } else {
                    fail(failed);
                  }
                });
  }

  @Override
  public ShareId id() {
    return share.id();
  }

  @Override
  public String name() {
    return share.name();
  }

  @Override
  public boolean continued() {
    return share.continued();
  }

  @Override
  public ShareCodes codes() {
    List<Multiaddr> addresses = UsefulAddresses.of(node.addresses());
    return new ShareCodes(
        goodWords(),
        Ticket.ofUsable(node.peerId(), addresses, share.key(), share.id()),
        options.legacy()
            ? addresses.stream()
                .filter(LocalSharing::fitsLegacy)
                .findFirst()
                .map(address -> new LegacyCode(share.id(), share.key(), address))
            : Optional.empty());
  }

  private Optional<WordCode> goodWords() {
    lock.lock();
    try {
      return wordsAreGood ? words.map(WordShare::code) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private static boolean fitsLegacy(Multiaddr address) {
    List<Protocol> protocols = address.protocols();
    return protocols.equals(List.of(Protocol.IP4, Protocol.TCP))
        || protocols.equals(List.of(Protocol.IP6, Protocol.TCP));
  }

  @Override
  public SharingProgress progress() {
    ManifestTotals totals = share.totals();
    return new SharingProgress(
        totals.entries(),
        totals.files(),
        totals.bytes(),
        totals.listed(),
        totals.endedFiles(),
        totals.endedBytes(),
        totals.complete(),
        share.currentFile(),
        receivers.sentBytes());
  }

  @Override
  public List<Receiver> receivers() {
    return receivers.all();
  }

  @Override
  public End await() throws IOException, InterruptedException {
    ended.await();
    lock.lock();
    try {
      if (failure != null) {
        throw failure;
      }
      return end == null ? End.CLOSED : end;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    end(End.CLOSED);
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      if (!ending) {
        failure =
            new IOException(
                "the share cannot go on: " + cause.getMessage(), cause); // from another thread
      }
    } finally {
      lock.unlock();
    }
    // On a thread of its own: the share waits for the one that tells us.
    Thread.ofVirtual().name("warren-share-end").start(this::close);
  }

  /** Ends it for good. */
  private void end(End why) {
    if (stop(why)) {
      forget();
    }
  }

  /** Leaves it to a later start of the node, if it is one who can sign what this one has. */
  private void leave() {
    if (!node.isLasting()) {
      end(End.CLOSED);
    } else if (stop(End.CLOSED)) {
      share.close();
      ended.countDown();
    }
  }

  private void forget() {
    try {
      share.end();
    } catch (IOException e) {
      log.warn("the share {} has ended, but cannot be forgotten", share.id(), e);
    } finally {
      ended.countDown();
    }
  }

  private boolean stop(End why) {
    lock.lock();
    try {
      if (ending) {
        return false;
      }
      ending = true;
      wordsAreGood = false;
      end = why;
    } finally {
      lock.unlock();
    }
    node.ended(leave);
    words.ifPresent(node.words()::remove);
    announcements.close();
    node.served().remove(share);
    node.server().end(share);
    return true;
  }

  private void wrongWords(PeerId peer, int count) {
    boolean burnt = count >= CodeGuard.MAX_WRONG;
    lock.lock();
    try {
      wordsAreGood = wordsAreGood && !burnt;
      if (!ending) {
        share.database().putMeta(WRONG_WORDS, Integer.toString(Math.max(count, wrongWords())));
        if (burnt) {
          share.database().putMeta(WORDS, NO_WORDS);
        }
      }
      node.database()
          .audit()
          .add(
              AuditLog.Line.of(
                  Instant.now(),
                  AuditLog.Event.REFUSED,
                  share.id().text(),
                  peer.toString(),
                  burnt ? "wrong words, which are burnt now" : "wrong words"));
    } catch (IOException e) {
      log.warn("it cannot be kept that wrong words of {} were tried", share.id(), e);
    } finally {
      lock.unlock();
    }
    listener.wrongWords(CodeGuard.MAX_WRONG - count);
    if (burnt) {
      listener.burnt();
    }
  }
}
