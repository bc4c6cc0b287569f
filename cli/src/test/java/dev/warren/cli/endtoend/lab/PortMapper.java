package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** MiniUPnPd, as many routers have it: opens ports for the computers behind a router. */
final class PortMapper implements AutoCloseable {
  /** What it understands. */
  enum Language {
    UPNP,

    /** And its predecessor NAT-PMP, at the same port (RFC 6887, 9). */
    PCP
  }

  private static final Duration END = Duration.ofSeconds(10);

  private final NetworkNamespace router;
  private final Process process;

  PortMapper(NetworkNamespace router, Language language) {
    this.router = router;
    try {
      Path configuration = Path.of("/run/miniupnpd-" + router.name()); // which is ours
      Files.writeString(
          configuration,
          """
          ext_ifname=wan
          listening_ip=lan
          enable_natpmp=%s
          enable_upnp=%s
          secure_mode=yes
          uuid=6c1f1f2e-57a2-4a0c-9b60-8d3d7a3e5d10
          upnp_table_name=router
          upnp_nat_table_name=router
          upnp_forward_chain=upnp_forward
          upnp_nat_chain=upnp_prerouting
          upnp_nat_postrouting_chain=upnp_postrouting
          allow 1024-65535 0.0.0.0/0 1024-65535
          deny 0-65535 0.0.0.0/0 0-65535
          """
              .formatted(
                  language == Language.PCP ? "yes" : "no",
                  language == Language.UPNP ? "yes" : "no"));
      var line = new ArrayList<>(router.prefix());
      line.addAll(
          List.of("miniupnpd", "-d", "-f", configuration.toString(), "-P", configuration + ".pid"));
      process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new ChaosException("miniupnpd cannot be started", e);
    }
  }

  /** Waits until it forwards some port. */
  void awaitOpen() {
    Commands.script(
        """
        for _ in $(seq 100); do
          ! ip netns exec "$1" nft list chain inet router upnp_prerouting | grep dnat || exit 0
          sleep 0.1
        done
        echo "no port was opened"; exit 1\
        """,
        router.name());
  }

  /** Whoever had ports opened is gone, and has had them closed. */
  void requireClosed() {
    Commands.script(
        """
        open=$(ip netns exec "$1" nft list chain inet router upnp_prerouting)
        ! echo "$open" | grep dnat\
        """,
        router.name());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      var _ = process.waitFor(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
