package dev.warren.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The implementations of libp2p of which there is a peer. */
public enum Implementation {
  WARREN,
  GO,
  RUST,
  JS;

  /** The name as the peers themselves and the scripts write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What starts the peer, without options.
   *
   * @throws PeerException when the peer has not been built
   */
  List<String> command() throws PeerException {
    if (this == WARREN) {
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--sun-misc-unsafe-memory-access=allow", // protobuf-java still uses it
          "--enable-native-access=ALL-UNNAMED", // QUIC is a native library
          "-cp",
          System.getProperty("java.class.path"),
          getClass().getPackageName() + ".WarrenPeer");
    }
    Path executable = cache().resolve("bin").resolve(label() + "-peer");
    if (!Files.isExecutable(executable)) {
      throw new PeerException(
          "there is no " + executable + ": build it with scripts/build-interop-peers " + label());
    }
    return List.of(executable.toString());
  }

  /** Where scripts/build-interop-peers builds. */
  private static Path cache() {
    String chosen = System.getenv("WARREN_INTEROP_CACHE");
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen);
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path base =
        caches != null && !caches.isEmpty()
            ? Path.of(caches)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("warren-interop");
  }
}
