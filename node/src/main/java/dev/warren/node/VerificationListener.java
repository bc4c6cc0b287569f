package dev.warren.node;

/**
 * Is told how a verification goes, on its thread. Paths are relative to what is verified; they come
 * from others and from the disk, and may hold anything.
 */
public interface VerificationListener {
  /** It is known how much there is to hash. */
  default void begun(long files, long bytes) {}

  /** More has been hashed. */
  default void hashed(long bytes) {}

  /** It is not what was received. */
  default void changed(String path) {}

  /** It was received and is not there. */
  default void missing(String path) {}

  /** It lies among what was received, and was not. */
  default void extra(String path) {}
}
