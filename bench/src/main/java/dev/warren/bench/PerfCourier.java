package dev.warren.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code warren perf}: as many bytes as a file has, over the same connection, and no file. */
final class PerfCourier implements Courier {
  @Override
  public String name() {
    return "warren perf";
  }

  @Override
  public boolean makesFiles() {
    return false;
  }

  @Override
  public Offer offer(Path source, Path home) throws IOException {
    Program server =
        Program.startTelling(
            List.of(
                WarrenCourier.LAUNCHER,
                "perf",
                "serve",
                "--json",
                "--data-dir",
                home.resolve("server").toString(),
                "--listen",
                "/ip4/127.0.0.1/tcp/0"),
            Map.of(),
            home.resolve("serve.log"));
    String address = server.await("listening").getAsJsonArray("addresses").get(0).getAsString();
    List<String> run =
        List.of(
            WarrenCourier.LAUNCHER,
            "perf",
            "run",
            "--json",
            "--data-dir",
            home.resolve("runner").toString(),
            "--download",
            Long.toString(Files.size(source)),
            address);
    return new Offer() {
      @Override
      public Arrival receive(Path into) throws IOException {
        long begin = System.nanoTime();
        try (Program runner = Program.startTelling(run, Map.of(), home.resolve("run.log"))) {
          JsonObject result = runner.await("result");
          runner.awaitSuccess();
          return new Arrival(
              (System.nanoTime() - begin) / 1e9,
              result.get("seconds").getAsDouble(),
              runner.taken());
        }
      }

      @Override
      public ProcessMeter.Reading taken() {
        return server.taken();
      }

      @Override
      public void close() throws IOException {
        server.close();
      }
    };
  }
}
