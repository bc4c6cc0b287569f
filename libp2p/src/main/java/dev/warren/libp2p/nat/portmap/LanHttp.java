package dev.warren.libp2p.nat.portmap;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * XML by HTTP from a device in the local network: no proxies, no redirects, bounded in time and
 * size.
 */
final class LanHttp {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_PORT = 65_535;

  private final TimeSource time;

  LanHttp(TimeSource time) {
    this.time = time;
  }

  /** What a device answered. */
  record Answer(int status, Element root) {
    boolean isGood() {
      return status == HttpURLConnection.HTTP_OK;
    }
  }

  /** Whether it is an address of HTTP on this machine, written as a number. */
  static boolean isAt(URI address, InetAddress machine) {
    String host = address.getHost();
    return "http".equalsIgnoreCase(address.getScheme())
        && host != null
        && address.getUserInfo() == null
        && address.getPort() <= MAX_PORT
        && host.equals(machine.getHostAddress());
  }

  Answer get(URI address) throws IOException {
    return exchange(open(address), null);
  }

  Answer post(URI address, String action, String body) throws IOException {
    HttpURLConnection connection = open(address);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "text/xml; charset=\"utf-8\"");
    connection.setRequestProperty("SOAPAction", '"' + action + '"');
    return exchange(connection, body.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpURLConnection open(URI address) throws IOException {
    var connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) TIMEOUT.toMillis());
    connection.setReadTimeout((int) TIMEOUT.toMillis());
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  private Answer exchange(HttpURLConnection connection, byte @Nullable [] body) throws IOException {
    // The time-outs above are those of single reads.
    try (var _ = time.after(TIMEOUT, connection::disconnect)) {
      if (body != null) {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.getOutputStream().write(body);
      }
      int status = connection.getResponseCode();
      InputStream input = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      byte[] bytes = input == null ? new byte[0] : read(input);
      try {
        return new Answer(status, LanXml.parse(bytes).getDocumentElement());
      } catch (IOException e) {
        throw new IOException("the router answers with status " + status + " and no XML", e);
      }
    } finally {
      connection.disconnect();
    }
  }

  private static byte[] read(InputStream input) throws IOException {
    byte[] body = input.readNBytes(MAX_BYTES + 1);
    if (body.length > MAX_BYTES) {
      throw new IOException("the router's answer is too long");
    }
    return body;
  }
}
