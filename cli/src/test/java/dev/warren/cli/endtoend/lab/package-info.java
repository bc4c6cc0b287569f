/**
 * An internet in network namespaces, and homes behind routers of every kind, in which the command
 * is put to the test: {@code scripts/natlab}.
 *
 * <p>What kinds of routers there are is in {@link dev.warren.cli.endtoend.lab.HomeKind}, with the
 * terms of RFC 4787: a router <i>maps</i> a port of a computer behind it to one of its own, and
 * <i>filters</i> what comes back to that.
 */
@NullMarked
package dev.warren.cli.endtoend.lab;

import org.jspecify.annotations.NullMarked;
