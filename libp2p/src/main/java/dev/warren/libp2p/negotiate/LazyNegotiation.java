package dev.warren.libp2p.negotiate;

import dev.warren.libp2p.transport.Duplex;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The dialer's side of a negotiation whose offer rides with the first bytes written, and whose
 * answer is read before the first byte is.
 */
public final class LazyNegotiation implements Duplex {
  private static final int MAX_BYTES_WITH_OFFER = 16 * 1024;

  private static final byte[] NOTHING = {};

  private final Duplex duplex;
  private final String protocol;

  /** Reader and writer may both find that the offer is due; one of them sends it. */
  private final ReentrantLock offering = new ReentrantLock();

  private volatile boolean offered; // written under offering, after the offer was written

  private volatile boolean answered; // written by the reading thread
  private volatile boolean reading; // written by the reading thread

  private final MessageReader answer; // owned by the reading thread; so are the next two
  private boolean headerRead;
  private @Nullable NegotiationException refusal;

  LazyNegotiation(Duplex duplex, String protocol) {
    this.duplex = duplex;
    this.protocol = protocol;
    this.answer = new MessageReader(duplex);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    awaitAnswer();
    return duplex.read(buffer, offset, length);
  }

  /**
   * Sends the offer when nothing was written yet, and waits for the peer's answer, unless it is
   * here already. Belongs to the reading thread.
   *
   * <p>After a {@link java.net.SocketTimeoutException} it may be called again and goes on waiting;
   * a peer that has refused has done so for good, and every call says so.
   */
  public void awaitAnswer() throws IOException {
    if (answered) {
      return;
    }
    if (refusal != null) {
      throw new NegotiationException(refusal);
    }
    reading = true;
    offer();
    try {
      readAnswer();
    } catch (NegotiationException e) {
      refusal = e;
      throw e;
    }
    answered = true;
  }

  /** Whether the peer is still to answer an offer, and nobody reads what it says. */
  public boolean isAnswerUnread() {
    return offered && !answered && !reading;
  }

  private void readAnswer() throws IOException {
    if (!headerRead) {
      answer.header();
      headerRead = true;
    }
    String said = answer.next();
    if (said.equals(Messages.NOT_AVAILABLE)) {
      throw MultistreamSelect.notSupported(List.of(protocol));
    }
    if (!said.equals(protocol)) {
      throw MultistreamSelect.unexpected(protocol, said);
    }
  }

  /** Whether the offer is out: what is written from now on may as well bypass this. */
  public boolean isOffered() {
    return offered;
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
    int first = offerWith(buffer, offset, length);
    if (first < length) {
      duplex.write(buffer, offset + first, length - first);
    }
  }

  /**
   * Sends the offer when it has not been sent, and some of these bytes with it: no more than any
   * stream has room for. A reader has to wait while this goes on, and the peer may make room only
   * when it is read from.
   *
   * @return how many of the bytes were sent
   */
  private int offerWith(byte[] buffer, int offset, int length) throws IOException {
    offering.lock();
    try {
      if (offered) {
        return 0;
      }
      int first = Math.min(length, MAX_BYTES_WITH_OFFER);
      byte[] offer = Messages.encode(Messages.HEADER, protocol);
      byte[] both = Arrays.copyOf(offer, offer.length + first);
      System.arraycopy(buffer, offset, both, offer.length, first);
      duplex.write(both);
      offered = true;
      return first;
    } finally {
      offering.unlock();
    }
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
    var _ = offerWith(NOTHING, 0, 0);
  }
}
