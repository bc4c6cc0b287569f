/** The side of those who want them. See docs/protocols/transfer.md. */
@NullMarked
package dev.warren.protocols.transfer.fetch;

import org.jspecify.annotations.NullMarked;
