package dev.warren.libp2p.negotiate;

import dev.warren.libp2p.transport.Duplex;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The dialer's side of a negotiation whose offer rides with the first bytes written, and whose
 * answer is read before the first byte is.
 */
public final class LazyNegotiation implements Duplex {
  private final Duplex duplex;
  private final String protocol;

  /** Reader and writer may both find that the offer is due; one of them sends it. */
  private final ReentrantLock offering = new ReentrantLock();

  private volatile boolean offered; // written under offering, after the offer was written

  private volatile boolean answered; // written by the reading thread

  LazyNegotiation(Duplex duplex, String protocol) {
    this.duplex = duplex;
    this.protocol = protocol;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    awaitAnswer();
    return duplex.read(buffer, offset, length);
  }

  /**
   * Sends the offer when nothing was written yet, and waits for the peer's answer, unless it is
   * here already. Belongs to the reading thread.
   */
  public void awaitAnswer() throws IOException {
    if (answered) {
      return;
    }
    offer();
    Messages.readHeader(duplex);
    String answer = Messages.read(duplex);
    if (answer.equals(Messages.NOT_AVAILABLE)) {
      throw MultistreamSelect.notSupported(List.of(protocol));
    }
    if (!answer.equals(protocol)) {
      throw MultistreamSelect.unexpected(protocol, answer);
    }
    answered = true;
  }

  @Override
  public int available() {
    return answered ? duplex.available() : 0;
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    if (offered) {
      duplex.write(buffer, offset, length);
      return;
    }
    offering.lock();
    try {
      if (!offered) {
        byte[] offer = Messages.encode(Messages.HEADER, protocol);
        byte[] both = Arrays.copyOf(offer, offer.length + length);
        System.arraycopy(buffer, offset, both, offer.length, length);
        duplex.write(both);
        offered = true;
        return;
      }
    } finally {
      offering.unlock();
    }
    duplex.write(buffer, offset, length);
  }

  @Override
  public void closeWrite() throws IOException {
    offer();
    duplex.closeWrite();
  }

  @Override
  public void close() {
    duplex.close();
  }

  private void offer() throws IOException {
    offering.lock();
    try {
      if (!offered) {
        duplex.write(Messages.encode(Messages.HEADER, protocol));
        offered = true;
      }
    } finally {
      offering.unlock();
    }
  }
}
