/**
 * Comparisons with other implementations in processes of their own, and soaks.
 *
 * <p>Each subcommand of {@link dev.warren.bench.Bench} measures one thing; {@code
 * docs/benchmarks.md} says how and holds the last results. Figures mean something only beside those
 * of the same run: the subjects take turns within each round, and medians are compared.
 */
@NullMarked
package dev.warren.bench;

import org.jspecify.annotations.NullMarked;
