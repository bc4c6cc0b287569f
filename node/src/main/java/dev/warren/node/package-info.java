/** A running node: what it is composed of, and the API for programs that embed one. */
@NullMarked
package dev.warren.node;

import org.jspecify.annotations.NullMarked;
