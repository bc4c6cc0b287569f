package dev.warren.libp2p.security.noise;

/**
 * The sizes of transport records: two bytes of length, then ciphertext of at most 65535 bytes, the
 * last 16 of which authenticate it (specs, noise/README.md, "Wire Format").
 */
final class Records {
  static final int PREFIX_BYTES = 2;
  static final int TAG_BYTES = CipherState.TAG_BYTES;
  static final int OVERHEAD_BYTES = PREFIX_BYTES + TAG_BYTES;
  static final int MAX_CIPHERTEXT_BYTES = 0xffff;
  static final int MAX_PLAINTEXT_BYTES = MAX_CIPHERTEXT_BYTES - TAG_BYTES;
  static final int MAX_RECORD_BYTES = PREFIX_BYTES + MAX_CIPHERTEXT_BYTES;

  /**
   * The most that is handed to a connection or taken from it at once: 256 KiB with a multiplexer's
   * headers, which is four full records and a little. More gained nothing when measured, and this
   * is what a busy direction holds.
   */
  static final int MAX_BURST_BYTES = 4 * MAX_RECORD_BYTES + 1024;

  private Records() {}
}
