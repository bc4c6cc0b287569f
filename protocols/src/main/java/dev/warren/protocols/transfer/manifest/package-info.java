/**
 * What a share consists of, as signed segments of a list that only grows. See
 * docs/protocols/transfer.md.
 */
@NullMarked
package dev.warren.protocols.transfer.manifest;

import org.jspecify.annotations.NullMarked;
