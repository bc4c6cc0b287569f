package dev.warren.libp2p.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The views of a {@link Duplex} as the streams of java.io. */
final class DuplexStreams {
  private DuplexStreams() {}

  static final class Input extends InputStream {
    private final Duplex duplex;

    Input(Duplex duplex) {
      this.duplex = duplex;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return duplex.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return length == 0 ? 0 : duplex.read(buffer, offset, length);
    }

    @Override
    public void close() {
      duplex.close();
    }
  }

  static final class Output extends OutputStream {
    private final Duplex duplex;

    Output(Duplex duplex) {
      this.duplex = duplex;
    }

    @Override
    public void write(int b) throws IOException {
      duplex.write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      duplex.write(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      duplex.closeWrite();
    }
  }
}
