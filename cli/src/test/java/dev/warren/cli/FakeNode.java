package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.node.Connectivity;
import dev.warren.node.Node;
import dev.warren.node.NodeConfig;
import dev.warren.node.NodeRecords;
import dev.warren.node.ReceiveOptions;
import dev.warren.node.Received;
import dev.warren.node.Receiver;
import dev.warren.node.Receiving;
import dev.warren.node.ReceivingProgress;
import dev.warren.node.ShareCodes;
import dev.warren.node.ShareOptions;
import dev.warren.node.Sharing;
import dev.warren.node.SharingProgress;
import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.LegacyCode;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import dev.warren.sharecodes.Ticket;
import dev.warren.sharecodes.WordCode;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A node that does what a test says, when a command has started it. */
final class FakeNode implements NodeStarter, Node {
  static final PeerId SELF = PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
  static final PeerId OTHER = PeerId.parse("12D3KooWAbF4J4CQJEfVC1uFxLTnuXgvgPX9TmT3iiRFzFgAyBJZ");
  static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.168.1.7/tcp/4001");
  static final WordCode WORDS = words("4821-otter-violet-canoe");
  static final ShareId SHARE = ShareId.generate(new SecureRandom());
  static final ShareKey KEY = ShareKey.generate(new SecureRandom());
  static final Ticket TICKET = new Ticket(SELF, List.of(ADDRESS), KEY, SHARE);
  static final LegacyCode LEGACY = new LegacyCode(SHARE, KEY, ADDRESS);

  final AtomicReference<Optional<NodeConfig>> started = new AtomicReference<>(Optional.empty());
  final AtomicReference<Optional<ShareOptions>> shared = new AtomicReference<>(Optional.empty());
  final AtomicReference<Optional<ReceiveOptions>> received =
      new AtomicReference<>(Optional.empty());
  final CountDownLatch awaited = new CountDownLatch(1);
  final CountDownLatch closed = new CountDownLatch(1);

  /** What sharing comes to, when it is awaited. */
  volatile Callable<Sharing.End> sharing = () -> Sharing.End.RECEIVED;

  /** What receiving comes to, when it is awaited. */
  volatile Callable<Received> receiving =
      () -> {
        throw new IOException("the test does not say what is received");
      };

  volatile List<Receiver> receivers = List.of();

  /** In the local network alone, and content. */
  volatile Connectivity connectivity =
      new Connectivity(
          List.of(ADDRESS),
          true,
          new Connectivity.Connections(0, 0, 0, 0),
          Reachability.UNKNOWN,
          Optional.empty(),
          List.of(),
          List.of(new Connectivity.Place("LAN", false, 0, "", Optional.empty())));

  volatile ReceivingProgress progress =
      new ReceivingProgress(
          ReceivingProgress.State.FINDING,
          List.of(),
          "",
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          "",
          false,
          List.of());

  private static WordCode words(String text) {
    try {
      return WordCode.parse(text);
    } catch (InvalidShareCodeException e) {
      throw new AssertionError(e);
    }
  }

  /** Goes on until it is closed. */
  <T> T untilClosed(T then) throws InterruptedException {
    closed.await();
    return then;
  }

  ShareOptions shareOptions() {
    return shared.get().orElseThrow();
  }

  ReceiveOptions receiveOptions() {
    return received.get().orElseThrow();
  }

  @Override
  public Node start(NodeConfig config) {
    started.set(Optional.of(config));
    return this;
  }

  @Override
  public NodeRecords records(NodeConfig config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PeerId peerId() {
    return SELF;
  }

  @Override
  public List<Multiaddr> addresses() {
    return List.of(ADDRESS);
  }

  @Override
  public Connectivity connectivity() {
    return connectivity;
  }

  @Override
  public NodeRecords records() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  private static <T> T await(Callable<T> end) throws IOException, InterruptedException {
    try {
      return end.call();
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Sharing share(ShareOptions options) {
    shared.set(Optional.of(options));
    return new Sharing() {
      @Override
      public ShareId id() {
        return SHARE;
      }

      @Override
      public String name() {
        return options.name().isEmpty() ? options.source().defaultName() : options.name();
      }

      @Override
      public boolean continued() {
        return false;
      }

      @Override
      public ShareCodes codes() {
        return new ShareCodes(
            options.words() ? Optional.of(WORDS) : Optional.empty(),
            TICKET,
            options.legacy() ? Optional.of(LEGACY) : Optional.empty());
      }

      @Override
      public SharingProgress progress() {
        return new SharingProgress(3, 2, 2048, true, 1, 1024, false, "mods/map.pak", 512);
      }

      @Override
      public List<Receiver> receivers() {
        return receivers;
      }

      @Override
      public End await() throws IOException, InterruptedException {
        awaited.countDown();
        return FakeNode.await(sharing);
      }

      @Override
      public void close() {
        closed.countDown();
      }
    };
  }

  @Override
  public Receiving receive(ReceiveOptions options) {
    received.set(Optional.of(options));
    return new Receiving() {
      @Override
      public ReceivingProgress progress() {
        return progress;
      }

      @Override
      public void pause() {}

      @Override
      public void resume() {}

      @Override
      public Received await() throws IOException, InterruptedException {
        awaited.countDown();
        return FakeNode.await(receiving);
      }

      @Override
      public void close() {
        closed.countDown();
      }
    };
  }
}
