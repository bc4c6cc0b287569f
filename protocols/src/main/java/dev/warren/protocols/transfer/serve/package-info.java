/** The side of those who have chunks. See docs/protocols/transfer.md. */
@NullMarked
package dev.warren.protocols.transfer.serve;

import org.jspecify.annotations.NullMarked;
