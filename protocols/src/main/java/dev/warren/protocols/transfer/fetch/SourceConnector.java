package dev.warren.protocols.transfer.fetch;

import dev.warren.libp2p.identity.PeerId;
import java.io.IOException;

/** Reaches sources; the seam between a download and the network. */
@FunctionalInterface
public interface SourceConnector {
  /**
   * Connects to a source, wherever it is to be found by now. Ends with an exception when the
   * download is closed meanwhile.
   */
  SourceLink connect(PeerId source) throws IOException;
}
