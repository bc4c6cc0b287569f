/** The paths that an entry may have, on every system at once. See docs/protocols/transfer.md. */
@NullMarked
package dev.warren.protocols.transfer.names;

import org.jspecify.annotations.NullMarked;
