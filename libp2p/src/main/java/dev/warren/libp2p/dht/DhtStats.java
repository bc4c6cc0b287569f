package dev.warren.libp2p.dht;

import java.util.OptionalLong;

/**
 * How a node is doing in a network.
 *
 * @param protocol of the network
 * @param peers in the routing table
 * @param networkSize how many peers there are in all, about, once enough has been seen of them
 * @param providerRecords kept for others
 * @param values kept for others
 * @param providing how many keys this node provides again and again
 * @param answered requests of others
 * @param refused requests of others
 * @param questions of this node to others; those that were given up do not count
 * @param answers to its questions
 */
public record DhtStats(
    String protocol,
    Mode mode,
    int peers,
    OptionalLong networkSize,
    int providerRecords,
    int values,
    int providing,
    long answered,
    long refused,
    long questions,
    long answers) {}
