/**
 * The messages of a stream, and the proof with which each begins. See docs/protocols/transfer.md.
 */
@NullMarked
package dev.warren.protocols.transfer.session;

import org.jspecify.annotations.NullMarked;
