package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What has been sent through the internet since this was made: every packet that its router passes
 * on is counted by who sends it to whom. What the router makes of connections has no part in it: it
 * does not know again all that are opened from both ends at once.
 */
final class Traffic implements AutoCloseable {
  enum Transport {
    TCP,
    UDP
  }

  /** Who sends to whom. */
  record Flow(Transport transport, InetAddress from, InetAddress to) {
    /** Whether it begins or ends in a network. */
    boolean touches(Predicate<InetAddress> network) {
      return network.test(from) || network.test(to);
    }

    /** Whether it is from the one network to the other. */
    boolean goes(Predicate<InetAddress> from, Predicate<InetAddress> to) {
      return from.test(this.from) && to.test(this.to);
    }
  }

  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** One shell for all looks, which are many, and cost what the others lack. */
  private static final String ANSWER =
      "while read -r _; do nft -n list table inet \"$0\"; printf '\\n.\\n'; done; nft delete table inet \"$0\"";

  /** As in {@code 6 . 11.1.0.2 . 11.2.0.2 counter packets 1 bytes 60}. */
  private static final Pattern COUNT =
      Pattern.compile("(6|17) \\. (\\S+) \\. (\\S+) counter packets \\d+ bytes (\\d+)");

  private final Process counting;
  private final Writer questions;
  private final BufferedReader answers;
  private Map<Flow, Long> bytes = Map.of();

  Traffic(Internet internet) throws IOException {
    String table = "traffic" + NUMBER.incrementAndGet();
    internet
        .namespace()
        .rules(
            """
            table inet %s {
              set flows4 {
                type inet_proto . ipv4_addr . ipv4_addr; size 65535; flags dynamic; counter;
              }
              set flows6 {
                type inet_proto . ipv6_addr . ipv6_addr; size 65535; flags dynamic; counter;
              }
              chain forward {
                type filter hook forward priority filter;
                meta l4proto { tcp, udp } update @flows4 { meta l4proto . ip saddr . ip daddr }
                meta l4proto { tcp, udp } update @flows6 { meta l4proto . ip6 saddr . ip6 daddr }
              }
            }
            """
                .formatted(table));
    List<String> line = new ArrayList<>(internet.namespace().prefix());
    line.addAll(List.of("sh", "-ec", ANSWER, table));
    counting = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    questions = counting.outputWriter(StandardCharsets.US_ASCII);
    answers = counting.inputReader(StandardCharsets.US_ASCII);
  }

  /** Looks what has been sent. */
  void look() {
    try {
      questions.write('\n');
      questions.flush();
      Map<Flow, Long> now = new HashMap<>();
      for (String line = answers.readLine(); ; line = answers.readLine()) {
        if (line == null) {
          throw new ChaosException("the internet does not count any more");
        }
        if (line.equals(".")) {
          break;
        }
        take(line, now);
      }
      bytes = now;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void take(String line, Map<Flow, Long> now) {
    Matcher matcher = COUNT.matcher(line);
    while (matcher.find()) {
      now.put(
          new Flow(
              matcher.group(1).equals("6") ? Transport.TCP : Transport.UDP,
              address(matcher.group(2)),
              address(matcher.group(3))),
          Long.parseLong(matcher.group(4)));
    }
  }

  private static InetAddress address(String numbers) {
    try {
      return InetAddress.getByName(numbers);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // that takes a name
    }
  }

  /** How much had been sent by the last look. */
  long bytes(Predicate<Flow> which) {
    return bytes.entrySet().stream()
        .filter(each -> which.test(each.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public String toString() {
    return bytes.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws IOException {
    questions.close();
    try {
      var _ = counting.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
