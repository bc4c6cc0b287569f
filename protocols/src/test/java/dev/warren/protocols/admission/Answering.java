package dev.warren.protocols.admission;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.sharecodes.WordCode;
import dev.warren.sharecodes.pake.PakeBinding;
import dev.warren.sharecodes.pake.PakeException;
import dev.warren.sharecodes.pake.PakeMessages;
import dev.warren.sharecodes.pake.PakeSharer;
import java.io.IOException;
import java.security.SecureRandom;

/** A sharer that goes through the exchange as far as it gets something to guess at. */
final class Answering {
  private Answering() {}

  static void challengeOnly(Host host, Stream stream, WordCode code) throws IOException {
    byte[] key = new byte[PakeBinding.RENDEZVOUS_KEY_BYTES];
    byte[] hello = new byte[PakeMessages.HELLO_BYTES];
    byte[] proof = new byte[PakeMessages.PROOF_BYTES];
    stream.readFully(key, 0, key.length);
    stream.readFully(hello, 0, hello.length);
    var binding = new PakeBinding(stream.remotePeer(), host.peerId(), key);
    try {
      stream.write(new byte[1]);
      stream.write(new PakeSharer(binding, code.secret(), new SecureRandom()).challenge(hello));
    } catch (PakeException.Malformed e) {
      throw new AssertionError(e);
    }
    stream.readFully(proof, 0, proof.length);
  }
}
