/**
 * A node that strangers can use: a relay for peers that cannot be dialed, and one by which others
 * join a network. {@link dev.warren.relay.RelayNode} is all of it together.
 */
@NullMarked
package dev.warren.relay;

import org.jspecify.annotations.NullMarked;
