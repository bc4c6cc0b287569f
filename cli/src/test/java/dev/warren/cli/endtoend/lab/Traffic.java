package dev.warren.cli.endtoend.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What has flowed through the internet, as its router has counted it. */
final class Traffic implements AutoCloseable {
  enum Transport {
    TCP,
    UDP
  }

  /** Who talks to whom; the one that began is the first. */
  record Flow(Transport transport, InetAddress from, InetAddress to, int fromPort, int toPort) {
    /** Whether it begins or ends in a network. */
    boolean touches(Predicate<InetAddress> network) {
      return network.test(from) || network.test(to);
    }

    /** Whether it is between two networks, whoever began. */
    boolean isBetween(Predicate<InetAddress> one, Predicate<InetAddress> other) {
      return (one.test(from) && other.test(to)) || (other.test(from) && one.test(to));
    }
  }

  /** How much of a flow went which way. */
  record Bytes(long sent, long returned) {
    private Bytes max(Bytes other) {
      return new Bytes(Math.max(sent, other.sent), Math.max(returned, other.returned));
    }

    long both() {
      return sent + returned;
    }
  }

  /** One line of the table, as in {@code ipv4 2 tcp 6 ... src=... dst=... bytes=... src=...}. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\S+ +\\d+ (tcp|udp) .*?src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+) \\S+ bytes=(\\d+)"
              + ".*? bytes=(\\d+).*");

  private final RandomAccessFile table;

  /** Of flows that are over, too: the router forgets them after a while. */
  private final Map<Flow, Bytes> flows = new HashMap<>();

  Traffic(Internet internet) {
    // Whoever opens it decides of which computer it is.
    table =
        internet
            .namespace()
            .call(() -> new RandomAccessFile("/proc/thread-self/net/nf_conntrack", "r"));
  }

  /** What has been seen to flow. */
  Map<Flow, Bytes> flows() {
    return flows;
  }

  /** Looks what has flowed. */
  void look() {
    try {
      table.seek(0);
      var lines =
          new String(
              Channels.newInputStream(table.getChannel()).readAllBytes(),
              StandardCharsets.US_ASCII);
      lines.lines().forEach(this::take);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(String line) {
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      flows.merge(
          new Flow(
              matcher.group(1).equals("tcp") ? Transport.TCP : Transport.UDP,
              address(matcher.group(2)),
              address(matcher.group(3)),
              Integer.parseInt(matcher.group(4)),
              Integer.parseInt(matcher.group(5))),
          new Bytes(Long.parseLong(matcher.group(6)), Long.parseLong(matcher.group(7))),
          Bytes::max);
    }
  }

  private static InetAddress address(String numbers) {
    try {
      return InetAddress.getByName(numbers);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // that takes a name
    }
  }

  @Override
  public String toString() {
    return flows.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
