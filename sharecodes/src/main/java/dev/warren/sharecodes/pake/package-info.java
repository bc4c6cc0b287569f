/**
 * The exchange that proves to two peers that both know a code's secret, and tells neither anything
 * else: EC-JPAKE (RFC 8236) on P-256 with Schnorr's proofs (RFC 8235).
 *
 * <p>Pure state machines over messages of fixed length, four of them:
 *
 * <pre>
 * {@link dev.warren.sharecodes.pake.PakeReceiver}                    {@link dev.warren.sharecodes.pake.PakeSharer}
 *   hello         round 1            →
 *                                    ←   challenge      rounds 1 and 2
 *   proof         round 2, round 3   →
 *                                    ←   confirmation   round 3
 * </pre>
 *
 * <p>{@link dev.warren.sharecodes.pake.CodeGuard} bounds how many wrong proofs a code survives. See
 * docs/protocols/share-codes.md, "The exchange".
 */
@NullMarked
package dev.warren.sharecodes.pake;

import org.jspecify.annotations.NullMarked;
