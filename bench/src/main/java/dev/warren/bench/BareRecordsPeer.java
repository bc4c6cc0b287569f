package dev.warren.bench;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One end of the yardstick: records of ChaCha20-Poly1305 over a socket and nothing else, neither
 * handshake nor streams nor windows. What a JVM can at best make of Noise over TCP.
 *
 * <p>Several records go into one write, as Noise does it here: one at a time was no faster.
 */
final class BareRecordsPeer {
  static final int PLAINTEXT_BYTES = 0xffff - 16; // the largest that a Noise record can hold
  private static final int RECORD_BYTES = 0xffff;
  private static final int BATCH_RECORDS = 4;
  private static final byte[] KEY = new byte[32]; // nothing is secret here

  private final Cipher cipher;
  private final int mode;
  private final SecretKeySpec key = new SecretKeySpec(KEY, "ChaCha20");
  private final byte[] nonce = new byte[12];
  private final ByteBuffer counter = ByteBuffer.wrap(nonce, 4, Long.BYTES).slice();
  private final byte[] records = new byte[BATCH_RECORDS * RECORD_BYTES];
  private long count;

  private BareRecordsPeer(int mode) throws GeneralSecurityException {
    this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
    this.mode = mode;
  }

  /** Without arguments receives and prints its port; with a port sends to it. */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    if (args.length == 0) {
      new BareRecordsPeer(Cipher.DECRYPT_MODE).receive();
    } else {
      new BareRecordsPeer(Cipher.ENCRYPT_MODE).send(Integer.parseInt(args[0]));
    }
  }

  /** For each line, a number of records, sends them and prints the nanoseconds that it took. */
  private void send(int port) throws IOException, GeneralSecurityException {
    byte[] plaintext = new byte[PLAINTEXT_BYTES];
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      String line;
      while ((line = lines.readLine()) != null) {
        long wanted = Long.parseLong(line);
        long start = System.nanoTime();
        socket.write(ByteBuffer.allocate(Long.BYTES).putLong(wanted).flip());
        for (long left = wanted; left > 0; ) {
          int batch = (int) Math.min(left, BATCH_RECORDS);
          int filled = 0;
          for (int i = 0; i < batch; i++) {
            nextNonce();
            filled += cipher.doFinal(plaintext, 0, plaintext.length, records, filled);
          }
          writeFully(socket, ByteBuffer.wrap(records, 0, filled));
          left -= batch;
        }
        readFully(socket, ByteBuffer.allocate(1));
        System.out.println(System.nanoTime() - start);
      }
    }
  }

  private void receive() throws IOException, GeneralSecurityException {
    byte[] plaintext = new byte[PLAINTEXT_BYTES];
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      System.out.println(((InetSocketAddress) listener.getLocalAddress()).getPort());
      try (SocketChannel socket = listener.accept()) {
        while (true) {
          ByteBuffer announced = ByteBuffer.allocate(Long.BYTES);
          if (!readFully(socket, announced)) {
            return;
          }
          receive(socket, announced.getLong(0), plaintext);
          writeFully(socket, ByteBuffer.allocate(1));
        }
      }
    }
  }

  private void receive(SocketChannel socket, long wanted, byte[] plaintext)
      throws IOException, GeneralSecurityException {
    int end = 0;
    for (long left = wanted; left > 0; ) {
      int room = (int) Math.min(records.length, left * RECORD_BYTES);
      int n = socket.read(ByteBuffer.wrap(records, end, room - end));
      if (n < 0) {
        throw new EOFException();
      }
      end += n;
      int start = 0;
      for (; end - start >= RECORD_BYTES; start += RECORD_BYTES) {
        nextNonce();
        cipher.doFinal(records, start, RECORD_BYTES, plaintext, 0);
        left--;
      }
      System.arraycopy(records, start, records, 0, end - start);
      end -= start;
    }
  }

  private void nextNonce() throws GeneralSecurityException {
    counter.putLong(0, count++);
    cipher.init(mode, key, new IvParameterSpec(nonce));
  }

  private static void writeFully(SocketChannel socket, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  private static boolean readFully(SocketChannel socket, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (socket.read(bytes) < 0) {
        return false;
      }
    }
    return true;
  }
}
