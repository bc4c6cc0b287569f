package dev.warren.node;

import java.time.Duration;

/**
 * A code can be found in some place from now on.
 *
 * @param place what it is called to people
 * @param peers how many peers there know of it
 * @param asked how many have been asked to
 * @param took until then
 */
public record Announced(String place, int peers, int asked, Duration took) {}
