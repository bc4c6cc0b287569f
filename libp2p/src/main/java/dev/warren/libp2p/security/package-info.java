/**
 * What goes wrong while a connection is being secured and afterwards, in terms that all security
 * protocols share. The protocols themselves are in packages below.
 */
@NullMarked
package dev.warren.libp2p.security;

import org.jspecify.annotations.NullMarked;
