package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.negotiate.LazyNegotiation;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.time.Duration;

/** A stream on which both ends speak one protocol. */
public final class Stream implements MuxedStream {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private final MuxedStream muxed;

  /** The stream itself, or a negotiation around it that is still to be answered. */
  private final Duplex body;

  private final String protocol;
  private final Connection connection;

  Stream(MuxedStream muxed, Duplex body, String protocol, Connection connection) {
    this.muxed = muxed;
    this.body = body;
    this.protocol = protocol;
    this.connection = connection;
  }

  /** The protocol that both ends agreed on. */
  public String protocol() {
    return protocol;
  }

  /**
   * Waits until the peer has taken the protocol; a reader's call. Worth its round trip before much
   * is written: a peer that refuses resets the stream on what follows, which can overtake the
   * refusal itself.
   */
  public void awaitAgreement() throws IOException {
    if (body instanceof LazyNegotiation negotiation) {
      negotiation.awaitAnswer();
    }
  }

  /** The connection that carries this stream. */
  public Connection connection() {
    return connection;
  }

  /** The peer at the other end. */
  public PeerId remotePeer() {
    return connection.remotePeer();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return body.read(buffer, offset, length);
  }

  @Override
  public void awaitReadable() throws IOException {
    awaitAgreement();
    muxed.awaitReadable();
  }

  @Override
  public int available() {
    return body.available();
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    body.write(buffer, offset, length);
  }

  @Override
  public void closeWrite() throws IOException {
    body.closeWrite();
  }

  @Override
  public void closeRead() {
    muxed.closeRead();
  }

  /**
   * Of a stream that has only been written, the peer's answer to the negotiation is still read:
   * QUIC tells a peer that nobody reads, and rust-libp2p and js-libp2p give up then what they were
   * told.
   */
  @Override
  public void close() {
    if (body instanceof LazyNegotiation negotiation && negotiation.isAnswerUnread()) {
      try {
        negotiation.closeWrite();
        Thread.ofVirtual().name("libp2p-close").start(() -> closeAnswered(negotiation));
        return;
      } catch (IOException e) {
        // It has ended in another way.
      }
    }
    body.close();
  }

  private void closeAnswered(LazyNegotiation negotiation) {
    try (var _ = connection.time().after(ANSWER_TIMEOUT, () -> muxed.reset(0))) {
      negotiation.awaitAnswer();
    } catch (IOException e) {
      // It has ended in another way.
    }
    negotiation.close();
  }

  @Override
  public void reset(long code) {
    muxed.reset(code);
  }

  @Override
  public void setReadTimeout(Duration timeout) {
    muxed.setReadTimeout(timeout);
  }

  @Override
  public void setWriteTimeout(Duration timeout) {
    muxed.setWriteTimeout(timeout);
  }

  @Override
  public String toString() {
    return protocol + " with " + remotePeer();
  }
}
