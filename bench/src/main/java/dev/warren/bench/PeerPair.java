package dev.warren.bench;

import com.google.gson.JsonObject;
import dev.warren.bench.Transfer.Direction;
import dev.warren.interop.PeerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;

/** Two peers, one of which dials the other for each measurement. */
record PeerPair(PeerProcess dialer, PeerProcess listener) implements Carrier {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Override
  public String name() {
    return name(dialer) + " → " + name(listener);
  }

  @Override
  public Transfer.Result transfer(Transfer transfer, long bytes) throws IOException {
    connect();
    long each = bytes / transfer.streams();
    boolean upload = transfer.direction() == Direction.UPLOAD;
    ProcessMeter dialerMeter = ProcessMeter.start(dialer.pid());
    ProcessMeter listenerMeter = ProcessMeter.start(listener.pid());
    var answers = new ArrayList<CompletableFuture<JsonObject>>();
    for (int i = 0; i < transfer.streams(); i++) {
      answers.add(
          dialer.send(
              "perf",
              "peer",
              listener.id(),
              "upload",
              upload ? each : 0,
              "download",
              upload ? 0 : each));
    }
    double seconds = 0;
    for (CompletableFuture<JsonObject> answer : answers) {
      JsonObject took = dialer.await(answer, TIMEOUT, "perf");
      // All begin within a moment; the last one to end ends the transfer.
      seconds =
          Math.max(seconds, seconds(took, "uploadSeconds") + seconds(took, "downloadSeconds"));
    }
    ProcessMeter.Reading ofDialer = dialerMeter.read();
    ProcessMeter.Reading ofListener = listenerMeter.read();
    disconnect();
    return new Transfer.Result(
        each * transfer.streams(),
        seconds,
        upload ? ofDialer : ofListener,
        upload ? ofListener : ofDialer);
  }

  /** What it took to open, echo on and close a number of streams. */
  record Churn(
      int streams, double seconds, ProcessMeter.Reading dialer, ProcessMeter.Reading listener) {
    double streamsPerSecond() {
      return streams / seconds;
    }

    double dialerMicros() {
      return dialer.cpuSeconds() * 1e6 / streams;
    }

    double listenerMicros() {
      return listener.cpuSeconds() * 1e6 / streams;
    }

    @Override
    public String toString() {
      return "%,.0f streams/s".formatted(streamsPerSecond());
    }
  }

  /** Opens, echoes on and closes so many streams of one connection. */
  Churn churn(int count, int parallel) throws IOException {
    connect();
    ProcessMeter dialerMeter = ProcessMeter.start(dialer.pid());
    ProcessMeter listenerMeter = ProcessMeter.start(listener.pid());
    double seconds =
        seconds(
            dialer.call(
                TIMEOUT, "churn", "peer", listener.id(), "count", count, "parallel", parallel),
            "seconds");
    var taken = new Churn(count, seconds, dialerMeter.read(), listenerMeter.read());
    disconnect();
    return taken;
  }

  private static double seconds(JsonObject answer, String phase) {
    return answer.get(phase).getAsDouble();
  }

  private void connect() throws IOException {
    dialer.call("dial", "addr", listener.address());
  }

  private void disconnect() throws IOException {
    dialer.call("disconnect", "peer", listener.id());
  }

  private static String name(PeerProcess peer) {
    return peer.implementation().label();
  }

  @Override
  public String toString() {
    return name();
  }
}
