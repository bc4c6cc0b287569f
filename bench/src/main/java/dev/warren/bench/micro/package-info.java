/**
 * Microbenchmarks of what the stack's public values cost.
 *
 * <p>Those of its inner parts stand in the packages of these, whose names they must share to reach
 * them.
 */
@NullMarked
package dev.warren.bench.micro;

import org.jspecify.annotations.NullMarked;
