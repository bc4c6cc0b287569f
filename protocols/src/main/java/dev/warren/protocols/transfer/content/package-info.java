/**
 * Chunks: how files are cut into them, what they are named by, how they are sealed. See
 * docs/protocols/transfer.md.
 */
@NullMarked
package dev.warren.protocols.transfer.content;

import org.jspecify.annotations.NullMarked;
