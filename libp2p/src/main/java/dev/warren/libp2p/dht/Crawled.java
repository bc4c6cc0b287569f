package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import java.util.Optional;

/**
 * A peer that was visited, or could not be.
 *
 * @param contact who it is, and where others say that it is
 * @param answered whether it has answered a question
 * @param agent the program that it says to be
 * @param named how many other peers it has named
 */
public record Crawled(Contact contact, boolean answered, Optional<String> agent, int named) {}
