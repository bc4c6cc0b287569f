/**
 * How the content of a share gets from those who have it to those who may:
 * docs/protocols/transfer.md.
 *
 * <ul>
 *   <li>{@code content}: chunks, how files are cut into them, boxes, what sets of them look like
 *   <li>{@code names}: the paths that entries may have
 *   <li>{@code manifest}: entries, what they consist of, and the signed segments that say so
 *   <li>{@code session}: the messages and the proof at the beginning of each stream
 *   <li>{@code serve}: the source's side
 *   <li>{@code fetch}: the receiver's side
 * </ul>
 */
@NullMarked
package dev.warren.protocols.transfer;

import org.jspecify.annotations.NullMarked;
