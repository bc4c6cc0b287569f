package dev.warren.libp2p.security.noise;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.SecureChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A connection after the handshake. The two directions share nothing but the raw connection.
 *
 * <p>Noise has no message that says goodbye, so an attacker can end a direction between two records
 * and it looks as if the peer had closed; the protocols above say for themselves where data ends.
 */
final class NoiseChannel implements SecureChannel {
  private static final byte[] NOTHING = {};

  private final Duplex raw;
  private final RecordReader reader;
  private final RecordWriter writer;
  private final PublicKey remoteKey;
  private final PeerId remotePeer;
  private final Optional<String> earlyMuxer;

  NoiseChannel(
      Duplex raw,
      HandshakeState.Ciphers ciphers,
      PublicKey remoteKey,
      Optional<String> earlyMuxer) {
    this.raw = raw;
    this.reader = new RecordReader(raw, ciphers.receiving());
    this.writer = new RecordWriter(raw, ciphers.sending());
    this.remoteKey = remoteKey;
    this.remotePeer = remoteKey.peerId();
    this.earlyMuxer = earlyMuxer;
  }

  @Override
  public PeerId remotePeer() {
    return remotePeer;
  }

  @Override
  public PublicKey remoteKey() {
    return remoteKey;
  }

  @Override
  public Optional<String> earlyMuxer() {
    return earlyMuxer;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return reader.read(buffer, offset, length);
  }

  @Override
  public ByteBuffer receive() throws IOException {
    return reader.receive();
  }

  @Override
  public int available() {
    return reader.available();
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    writer.write(NOTHING, 0, buffer, offset, length);
  }

  @Override
  public void write(byte[] header, int headerLength, byte[] body, int offset, int length)
      throws IOException {
    writer.write(header, headerLength, body, offset, length);
  }

  @Override
  public void beFrugal() {
    reader.beFrugal();
  }

  @Override
  public void trim() {
    reader.trim();
    writer.trim();
  }

  @Override
  public void closeWrite() throws IOException {
    raw.closeWrite();
  }

  @Override
  public void close() {
    raw.close();
  }
}
