/**
 * The {@code warren} command: what people type, what they read, and what scripts get.
 *
 * <p>Each command is a class of its own that turns arguments into calls of the stack below; what
 * all of them share, from the form of an error to Ctrl-C, is in a class named after it. People read
 * standard output; with {@code --json} it carries one JSON object a line and nothing else.
 */
@NullMarked
package dev.warren.cli;

import org.jspecify.annotations.NullMarked;
