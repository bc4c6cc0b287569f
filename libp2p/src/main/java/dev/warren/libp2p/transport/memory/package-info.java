/** Connections within one process, for tests and for two hosts that live in one program. */
@NullMarked
package dev.warren.libp2p.transport.memory;

import org.jspecify.annotations.NullMarked;
