package dev.warren.protocols.transfer.manifest;

import java.io.IOException;

/**
 * A manifest breaks its rules. Its segments bear the sharer's signature, so this is the sharer's
 * doing, whoever they came from: the share is refused as a whole.
 */
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1L;

  ManifestException(String message) {
    super(message);
  }

  ManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
