package dev.warren.node.receive;

import java.nio.file.Path;

/**
 * What a file is to be when all of it is there.
 *
 * @param path where, relative to the destination
 * @param modifiedNanos since 1970, UTC
 * @param replace whether what has that name already may be replaced
 */
record FileGoal(Path path, long size, long modifiedNanos, boolean executable, boolean replace) {}
