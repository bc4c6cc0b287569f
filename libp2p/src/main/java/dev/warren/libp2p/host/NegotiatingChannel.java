package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.negotiate.LazyNegotiation;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** A secure channel on which the multiplexer has been offered but perhaps not yet agreed to. */
final class NegotiatingChannel implements SecureChannel {
  private final SecureChannel channel;
  private final LazyNegotiation negotiation;
  private final Duration timeout;
  private final TimeSource.Scheduled limit;
  private volatile boolean late; // written by the timer
  private boolean agreed; // owned by the reading thread

  /**
   * @param timeout after which the channel is closed unless the peer has agreed
   */
  NegotiatingChannel(
      SecureChannel channel, LazyNegotiation negotiation, TimeSource time, Duration timeout) {
    this.channel = channel;
    this.negotiation = negotiation;
    this.timeout = timeout;
    limit = time.after(timeout, this::giveUp);
  }

  private void giveUp() {
    late = true;
    channel.close();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    awaitAgreement();
    return channel.read(buffer, offset, length);
  }

  @Override
  public ByteBuffer receive() throws IOException {
    awaitAgreement();
    return channel.receive();
  }

  private void awaitAgreement() throws IOException {
    if (agreed) {
      return;
    }
    try {
      negotiation.awaitAnswer();
      agreed = true;
    } catch (IOException e) {
      throw late
          ? new SocketTimeoutException(
              "the peer did not agree to a multiplexer within " + timeout.toSeconds() + " s")
          : e;
    } finally {
      limit.cancel();
    }
  }

  @Override
  public int available() {
    return negotiation.available();
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    negotiation.write(buffer, offset, length);
  }

  /** One record for both, from the moment at which the offer is out. */
  @Override
  public void write(byte[] header, int headerLength, byte[] body, int offset, int length)
      throws IOException {
    if (negotiation.isOffered()) {
      channel.write(header, headerLength, body, offset, length);
    } else {
      SecureChannel.super.write(header, headerLength, body, offset, length);
    }
  }

  @Override
  public void closeWrite() throws IOException {
    negotiation.closeWrite();
  }

  @Override
  public void close() {
    limit.cancel();
    channel.close();
  }

  @Override
  public PeerId remotePeer() {
    return channel.remotePeer();
  }

  @Override
  public PublicKey remoteKey() {
    return channel.remoteKey();
  }

  @Override
  public Optional<String> earlyMuxer() {
    return channel.earlyMuxer();
  }

  @Override
  public void trim() {
    channel.trim();
  }
}
