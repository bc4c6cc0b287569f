package dev.warren.protocols.transfer.fetch;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.Receipt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Sources in memory that hold parts of one content, break, refuse and lie as a test says. */
final class FakeSwarm implements SourceConnector {
  /** Content: chunk o is {@code contents.get(o)}. */
  final List<byte[]> contents = new ArrayList<>();

  private final Map<PeerId, FakeSource> sources = new ConcurrentHashMap<>();

  FakeSwarm(int chunks, int chunkBytes) {
    Random random = new Random(7);
    for (int i = 0; i < chunks; i++) {
      byte[] content = new byte[1 + random.nextInt(chunkBytes)];
      random.nextBytes(content);
      contents.add(content);
    }
  }

  Chunk chunk(int ordinal) {
    try {
      byte[] content = contents.get(ordinal);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return new Chunk(ChunkHash.of(hash), content.length);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  FakeSource source(PeerId peer) {
    return sources.computeIfAbsent(peer, FakeSource::new);
  }

  @Override
  public SourceLink connect(PeerId peer) throws IOException {
    FakeSource source = sources.get(peer);
    if (source == null) {
      throw new IOException("nobody is there");
    }
    return source.connect();
  }

  /** One source; fields are set before it is used. */
  final class FakeSource {
    final PeerId peer;
    final BitSet held = new BitSet();
    final List<Integer> given = new CopyOnWriteArrayList<>();
    final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    final List<Announcement> announcements = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger rests = new AtomicInteger();
    final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch followed = new CountDownLatch(1);
    final List<Link> links = new CopyOnWriteArrayList<>();
    boolean everything;
    boolean lies;
    final BitSet changed = new BitSet();
    int segments;
    List<FollowEvent.Seed> seeds = List.of();

    /** Holds its chunks back. */
    CountDownLatch mayGive = new CountDownLatch(0);

    /** Chunks after which each connection breaks. */
    int breaksAfter = Integer.MAX_VALUE;

    IOException refusal = new IOException();
    boolean refuses;

    FakeSource(PeerId peer) {
      this.peer = peer;
    }

    /** Waits until it was told from where to send the manifest, if at all. */
    void awaitFollowed() throws InterruptedException {
      followed.await();
    }

    Link connect() {
      connections.incrementAndGet();
      var link = new Link(this);
      links.add(link);
      return link;
    }
  }

  /** Stands for the end of a stream in a queue. */
  private static final Object END = new Object();

  final class Link implements SourceLink {
    private final FakeSource source;
    private final LinkedBlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final List<Data> streams = new CopyOnWriteArrayList<>();
    private final AtomicInteger left;
    volatile boolean superseded;

    Link(FakeSource source) {
      this.source = source;
      left = new AtomicInteger(source.breaksAfter);
    }

    @Override
    public FollowStream follow() throws IOException {
      if (source.refuses) {
        throw source.refusal;
      }
      if (source.everything) {
        events.add(new FollowEvent.HoldsEverything());
      } else {
        events.add(new FollowEvent.Holds((BitSet) source.held.clone()));
      }
      if (!source.seeds.isEmpty()) {
        events.add(new FollowEvent.Seeds(source.seeds));
      }
      return new Follow();
    }

    @Override
    public DataStream data() {
      var data = new Data();
      streams.add(data);
      return data;
    }

    @Override
    public String path() {
      return "in memory";
    }

    @Override
    public boolean isSuperseded() {
      return superseded;
    }

    @Override
    public void close() {
      events.add(END);
      streams.forEach(Data::close);
    }

    final class Follow implements FollowStream {
      @Override
      public void follow(long fromSegment) {
        source.followed.countDown();
        for (long i = fromSegment; i >= 0 && i < source.segments; i++) {
          events.add(new FollowEvent.Grown(new SignedSegment(i, new byte[0], new byte[0])));
        }
      }

      @Override
      public void announce(Announcement announcement) {
        source.announcements.add(announcement);
      }

      @Override
      public void receipt(Receipt receipt) {
        source.receipts.add(receipt);
      }

      @Override
      public FollowEvent next() throws IOException {
        try {
          if (events.take() instanceof FollowEvent event) {
            return event;
          }
          throw new IOException("the connection is gone");
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }

      @Override
      public void close() {
        events.add(END);
      }
    }

    final class Data implements DataStream {
      private final ArrayDeque<Integer> wanted = new ArrayDeque<>();
      private byte[] current = {};
      private volatile boolean closed;

      @Override
      public void want(int[] ordinals) {
        for (int ordinal : ordinals) {
          wanted.add(ordinal);
        }
      }

      @Override
      public int next() throws IOException {
        if (closed || left.decrementAndGet() < 0) {
          throw new IOException("the connection broke");
        }
        try {
          source.mayGive.await();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
        int ordinal = wanted.remove();
        source.asked.incrementAndGet();
        if (source.changed.get(ordinal)) {
          throw new ChunkUnavailableException(
              ChunkUnavailableException.Reason.CHANGED, "the file changed");
        }
        if (!source.everything && !source.held.get(ordinal)) {
          throw new ChunkUnavailableException(ChunkUnavailableException.Reason.NOT_HERE, "no");
        }
        current = contents.get(ordinal).clone();
        if (source.lies) {
          current[0]++;
        }
        source.given.add(ordinal);
        return current.length;
      }

      @Override
      public void rest() {
        source.rests.incrementAndGet();
      }

      @Override
      public byte[] array() {
        return current;
      }

      @Override
      public int offset() {
        return 0;
      }

      @Override
      public void close() {
        closed = true;
      }
    }
  }
}
