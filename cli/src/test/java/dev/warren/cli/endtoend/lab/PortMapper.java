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
  private static final Duration END = Duration.ofSeconds(10);

  private final Process process;

  PortMapper(NetworkNamespace router) {
    try {
      Path configuration = Path.of("/run/miniupnpd-" + router.name()); // which is ours
      Files.writeString(
          configuration,
          """
          ext_ifname=wan
          listening_ip=lan
          enable_natpmp=yes
          enable_upnp=yes
          secure_mode=yes
          uuid=6c1f1f2e-57a2-4a0c-9b60-8d3d7a3e5d10
          upnp_table_name=router
          upnp_nat_table_name=router
          upnp_forward_chain=upnp_forward
          upnp_nat_chain=upnp_prerouting
          upnp_nat_postrouting_chain=upnp_postrouting
          allow 1024-65535 0.0.0.0/0 1024-65535
          deny 0-65535 0.0.0.0/0 0-65535
          """);
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
