package dev.warren.libp2p.multiformats;

import java.util.Arrays;

/** A Tor onion service: the host's bytes in base32, a colon, and a port, which is not 0. */
record OnionValue(int hostBytes) implements ValueCodec {
  private static final int PORT_BYTES = 2;

  @Override
  public byte[] parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new MalformedException("an onion address has a port after ':'");
    }
    byte[] host = Multibase.BASE32.decodeBare(text.substring(0, colon));
    if (host.length != hostBytes) {
      throw new MalformedException(
          "an onion address has %d bytes, not %d".formatted(hostBytes, host.length));
    }
    long port = NumberValue.parseUnsigned(text.substring(colon + 1), PORT_BYTES);
    byte[] out = Arrays.copyOf(host, hostBytes + PORT_BYTES);
    out[hostBytes] = (byte) (port >>> 8);
    out[hostBytes + 1] = (byte) port;
    validate(out, 0, out.length);
    return out;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    if (port(bytes, from, to) == 0) {
      throw new MalformedException("port 0 in an onion address");
    }
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    byte[] host = Arrays.copyOfRange(bytes, from, from + hostBytes);
    return Multibase.BASE32.encodeBare(host) + ":" + port(bytes, from, to);
  }

  private long port(byte[] bytes, int from, int to) {
    return NumberValue.read(bytes, from + hostBytes, to);
  }
}
