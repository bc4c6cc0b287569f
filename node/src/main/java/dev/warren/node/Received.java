package dev.warren.node;

import java.time.Duration;

/**
 * What was received.
 *
 * @param name what the sharer calls it
 * @param files that are whole now
 * @param bytes of all of them
 * @param receivedBytes content that came over the network
 * @param reusedBytes content that was on this disk already
 * @param time since the consent
 * @param sources how many gave something
 */
public record Received(
    String name,
    long files,
    long bytes,
    long receivedBytes,
    long reusedBytes,
    Duration time,
    int sources) {}
