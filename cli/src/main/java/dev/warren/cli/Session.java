package dev.warren.cli;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.store.DataDirectory;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What a command gets from the process that it runs in.
 *
 * @param nodes where the node comes from that does the work
 * @param dataDirectory the one to use when the user names none
 */
record Session(
    Console console,
    Interruption interruption,
    TimeSource time,
    InstantSource clock,
    NodeStarter nodes,
    DataDirectory dataDirectory) {

  /** The session of this process. */
  static Session ofProcess() {
    Interruption interruption = new Interruption().installed();
    return new Session(
        new Console(
            Terminals.ofProcess(),
            System.in,
            StandardStreams.out(),
            StandardStreams.err(),
            System.getenv(),
            interruption::request),
        interruption,
        TimeSource.system(),
        InstantSource.system(),
        NodeStarter.real(),
        DataDirectory.ofPlatform(
            System.getenv(),
            System.getProperty("os.name", ""),
            Path.of(System.getProperty("user.home", "."))));
  }
}
