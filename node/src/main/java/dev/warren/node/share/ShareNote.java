package dev.warren.node.share;

import java.nio.file.Path;

/**
 * Something that is not shared although it was asked for.
 *
 * @param sentence what and why, and what can be done about it
 */
public record ShareNote(Path path, String sentence) {}
