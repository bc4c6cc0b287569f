package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import dev.warren.libp2p.security.tls.InvalidCertificateException;
import dev.warren.libp2p.security.tls.PeerCertificate;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What one handshake has found out. Written on the event loop, awaited by one other thread. */
final class Handshake {
  private final Optional<PeerId> expected;
  private final CompletableFuture<PublicKey> outcome = new CompletableFuture<>();
  private @Nullable PublicKey remoteKey; // owned by the event loop

  /**
   * @param expected the peer that must be at the other end, when known
   */
  Handshake(Optional<PeerId> expected) {
    this.expected = expected;
  }

  /**
   * Judges what the peer presented. A refusal is the outcome at once: the codec may take its time
   * to fail.
   */
  void verify(X509Certificate[] chain) throws CertificateException {
    try {
      remoteKey = requireExpected(PeerCertificate.verify(encoded(chain), Instant.now()));
    } catch (InvalidCertificateException e) {
      fail(new HandshakeException(reason(e), "the peer has " + e.getMessage(), e));
      throw e;
    } catch (HandshakeException e) {
      fail(e);
      throw new CertificateException(e);
    }
  }

  private PublicKey requireExpected(PublicKey key) throws HandshakeException {
    if (expected.isPresent() && !expected.get().matches(key)) {
      throw new HandshakeException(
          Reason.WRONG_PEER,
          "expected peer %s, but %s answered".formatted(expected.get(), key.peerId()));
    }
    return key;
  }

  private static List<byte[]> encoded(X509Certificate[] chain) throws CertificateException {
    List<byte[]> encoded = new ArrayList<>();
    for (X509Certificate certificate : chain) {
      encoded.add(certificate.getEncoded());
    }
    return encoded;
  }

  private static Reason reason(InvalidCertificateException e) {
    return switch (e.reason()) {
      case BAD_SELF_SIGNATURE, BAD_HOST_SIGNATURE -> Reason.BAD_SIGNATURE;
      case NOT_EXACTLY_ONE,
          MALFORMED,
          OUTSIDE_VALIDITY,
          UNKNOWN_CRITICAL_EXTENSION,
          UNSUPPORTED_ALGORITHM,
          NO_HOST_KEY,
          MALFORMED_HOST_KEY ->
          Reason.MALFORMED;
    };
  }

  /** The connection is up, as far as this end can tell. */
  void succeed() {
    PublicKey key = remoteKey;
    if (key != null) {
      outcome.complete(key);
    } else {
      // A resumed session: it was another connection whose certificate was looked at.
      outcome.completeExceptionally(
          new HandshakeException(Reason.MALFORMED, "the peer has presented no certificate"));
    }
  }

  /** The connection will not come up; the first reason counts. */
  void fail(IOException cause) {
    outcome.completeExceptionally(cause);
  }

  boolean hasSucceeded() {
    return outcome.isDone() && !outcome.isCompletedExceptionally();
  }

  /** Runs the action, on the event loop, when the handshake has ended one way or the other. */
  void whenOver(Runnable action) {
    var _ = outcome.whenComplete((_, _) -> action.run());
  }

  /** Blocks until the handshake is over. */
  PublicKey await() throws IOException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the handshake was interrupted");
    }
  }
}
