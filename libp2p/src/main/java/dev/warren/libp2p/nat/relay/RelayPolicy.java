package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Whom a relay serves, and how much passes between them beyond what its limits say. */
@FunctionalInterface
public interface RelayPolicy {

  /** Whether the peer at the other end of this connection is served at all. */
  boolean admits(Connection connection);

  /** What counts the bytes of one more circuit; empty if none may be opened between these two. */
  default Optional<Meter> meter(Connection from, Connection to) {
    return Optional.of(Meter.NONE);
  }

  /** Counts what passes through one circuit. Used by both of its directions at once. */
  interface Meter extends Closeable {
    /** Counts nothing. */
    Meter NONE = _ -> {};

    /**
     * Waits until so many bytes may pass.
     *
     * @throws IOException if no more may; the circuit ends then
     */
    void pass(int bytes) throws IOException;

    /** Ends the waiting; called when the circuit has ended, or is to. */
    @Override
    default void close() {}
  }
}
