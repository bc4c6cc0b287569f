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

  private Records() {}
}
