package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** rsync from a daemon of its own: neither encrypted nor hashed beforehand. */
final class RsyncCourier implements Courier {
  private static final String PORT = "29019";

  @Override
  public String name() {
    return "rsync";
  }

  @Override
  public Offer offer(Path source, Path home) throws IOException {
    Path configuration = home.resolve("rsyncd.conf");
    Files.writeString(
        configuration,
        """
        use chroot = no
        uid = 0
        gid = 0
        [files]
        path = %s
        """
            .formatted(source.getParent()));
    Program daemon =
        Program.start(
            List.of(
                "rsync",
                "--daemon",
                "--no-detach",
                "--address=127.0.0.1",
                "--port=" + PORT,
                "--config=" + configuration),
            Map.of(),
            home.resolve("daemon.log"));
    return new Offer() {
      @Override
      public Arrival receive(Path into) throws IOException {
        Files.createDirectories(into);
        String from = "rsync://127.0.0.1:" + PORT + "/files/" + source.getFileName();
        return Courier.receive(
            List.of("rsync", "-aS", from, into + "/"), Map.of(), home.resolve("rsync.log"));
      }

      @Override
      public ProcessMeter.Reading taken() {
        return daemon.taken();
      }

      @Override
      public void close() throws IOException {
        daemon.close();
      }
    };
  }
}
