package dev.warren.protocols.admission;

import dev.warren.sharecodes.WordCode;
import dev.warren.sharecodes.pake.CodeGuard;

/**
 * A share that words lead to.
 *
 * @param guard the one guard of these words, for as long as they are good
 */
public record WordShare(WordCode code, CodeGuard guard, Admitted admitted) {}
