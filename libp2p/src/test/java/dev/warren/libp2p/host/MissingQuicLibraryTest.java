package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.quic.QuicTransport;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

class MissingQuicLibraryTest {
  private static final Pattern BETWEEN_ENTRIES = Pattern.compile(Pattern.quote(File.pathSeparator));

  /** In a process of its own, since the library is looked for once. */
  @Test
  @Timeout(120)
  void whereNoLibraryFitsTheSystemHostsConnectOverTcpAndTheLogSaysSoOnce() throws Exception {
    String classPath =
        BETWEEN_ENTRIES
            .splitAsStream(System.getProperty("java.class.path"))
            .filter(entry -> !entry.contains("codec-native-quic"))
            .collect(Collectors.joining(File.pathSeparator));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "-cp", classPath, TwoHosts.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  /** What a node does: both transports, on every interface. */
  static final class TwoHosts {
    private TwoHosts() {}

    public static void main(String[] arguments) throws Exception {
      var logger = (Logger) LoggerFactory.getLogger(QuicTransport.class);
      var log = new ListAppender<ILoggingEvent>();
      log.start();
      logger.addAppender(log);
      try (Host server = Host.builder().quic().start();
          Host client = Host.builder().quic().start()) {
        server.listenEverywhereOverQuic(server.listenEverywhere(0));
        client.listenEverywhereOverQuic(client.listenEverywhere(0));
        Connection connection = client.dial(server.peerId(), server.addresses());
        assertThat(connection.remoteAddress().has(Protocol.TCP)).isTrue();
        assertThat(server.addresses()).noneMatch(address -> address.has(Protocol.QUIC_V1));
      }
      assertThat(log.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly(
              "there is no QUIC library for this system; connections are made over TCP alone");
    }
  }
}
