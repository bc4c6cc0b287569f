package dev.warren.protocols.transfer.manifest;

/**
 * A segment as it is kept and sent; nothing is proven of it until it is opened.
 *
 * @param index its place in the manifest
 * @param body at most {@value #MAX_BODY_BYTES} bytes; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record SignedSegment(long index, byte[] body, byte[] signature) {
  /** The longest body. */
  public static final int MAX_BODY_BYTES = 256 * 1024;
}
