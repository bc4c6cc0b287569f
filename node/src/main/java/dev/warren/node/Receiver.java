package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import java.util.Optional;

/**
 * One who receives a share.
 *
 * @param petname what the user calls the peer, if the user has named it
 * @param path how it is connected, {@code direct, LAN}
 * @param sentBytes content that was sent to it
 * @param connected whether it is here now
 * @param finished whether it said that it has all that it wants
 */
public record Receiver(
    PeerId peer,
    Optional<String> petname,
    String path,
    long sentBytes,
    boolean connected,
    boolean finished) {}
