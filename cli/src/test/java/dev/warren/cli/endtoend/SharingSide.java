package dev.warren.cli.endtoend;

import com.google.gson.JsonObject;
import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.Ticket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;

/** One who shares a folder at a port of its own, by as many processes as it takes. */
final class SharingSide implements AutoCloseable {
  /** Below those that the system gives out by itself, any of which may be taken at any time. */
  private static final int FIRST_PORT = 20_000;

  private static final int PORTS = 10_000;
  private static final Duration START = Duration.ofMinutes(3);

  private final Path home;
  private final List<String> arguments;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<WarrenProcess> processes = new ArrayList<>(); // guarded by lock
  private JsonObject code = new JsonObject(); // guarded by lock

  /** One that is not started yet. */
  SharingSide(Path home, Path shared) throws IOException {
    this.home = home;
    arguments =
        List.of(
            "share",
            "--json",
            "--no-lan",
            "--network",
            "off",
            "--data-dir",
            home.resolve("data").toString(),
            "--listen",
            "/ip4/127.0.0.1/tcp/" + freePort(),
            shared.toString());
  }

  private static int freePort() {
    var random = new Random();
    while (true) {
      int port = FIRST_PORT + random.nextInt(PORTS);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException e) {
        // Taken.
      }
    }
  }

  /** Starts to share; the code is there. */
  Ticket start() throws IOException {
    lock.lock();
    try {
      code = begin();
      return Ticket.parse(code.get("ticket").getAsString());
    } catch (InvalidShareCodeException e) {
      throw new ChaosException("the ticket is none: " + code, e);
    } finally {
      lock.unlock();
    }
  }

  private JsonObject begin() throws IOException {
    var process = WarrenProcess.start(List.of(), home, arguments);
    processes.add(process);
    return process.await(START, "code");
  }

  /** Kills it, so that it is gone. */
  void kill() {
    lock.lock();
    try {
      processes.getLast().kill();
    } finally {
      lock.unlock();
    }
  }

  /** Kills it and starts it again: it has to go on under its code. */
  void killAndStart() throws IOException {
    lock.lock();
    try {
      processes.getLast().kill();
      JsonObject again = begin();
      for (String part : List.of("share", "words", "ticket")) {
        if (!again.get(part).equals(code.get(part))) {
          throw new ChaosException("a share that was cut off goes on as another one: " + again);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops it, which a share that goes well lets one do at any time. */
  void stop() throws IOException {
    lock.lock();
    try {
      processes.getLast().stop();
    } finally {
      lock.unlock();
    }
  }

  /** All that its processes said. */
  @Override
  public String toString() {
    lock.lock();
    try {
      var text = new StringBuilder();
      processes.forEach(text::append);
      return text.toString();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    processes.forEach(WarrenProcess::close);
  }
}
