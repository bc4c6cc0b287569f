package dev.warren.node;

import dev.warren.protocols.transfer.content.RateLimiter;
import dev.warren.protocols.transfer.content.Throttle;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The limits of speed that something is under: that of the node, and its own. */
record SpeedLimit(List<RateLimiter.Lane> lanes) implements Throttle, Closeable {
  static SpeedLimit of(Optional<RateLimiter> ofNode, Optional<RateLimiter> own) {
    return new SpeedLimit(
        Stream.of(own, ofNode).flatMap(Optional::stream).map(RateLimiter::lane).toList());
  }

  @Override
  public int take(int most) throws IOException {
    return RateLimiter.take(lanes, most);
  }

  /** Ends the waiting of all who do. */
  @Override
  public void close() {
    lanes.forEach(RateLimiter.Lane::close);
  }
}
