/**
 * How a receiver who was told the words of a share gets its key: docs/protocols/share-codes.md,
 * "Carrying the exchange".
 */
@NullMarked
package dev.warren.protocols.admission;

import org.jspecify.annotations.NullMarked;
