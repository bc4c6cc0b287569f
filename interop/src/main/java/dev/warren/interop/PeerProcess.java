package dev.warren.interop;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A peer in a process of its own, driven by the commands of {@code interop/peers/README.md}.
 *
 * <p>Any thread may send commands, at the same time as others. Closing ends this one process and no
 * other; a peer also ends by itself when the process that started it does, since its input ends.
 */
public final class PeerProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

  /** The end of a QUIC connection is told once: when that is lost, silence tells it after 10 s. */
  private static final Duration UNTIL_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final Duration LAST_WORDS_TIMEOUT = Duration.ofSeconds(1);
  private static final int STDERR_LINES = 20;

  private final Implementation implementation;
  private final Process process;
  private final BufferedWriter commands; // guarded by commandsLock
  private final ReentrantLock commandsLock = new ReentrantLock();
  private final AtomicInteger lastNumber = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
  private final CompletableFuture<JsonObject> ready = new CompletableFuture<>();
  private final Deque<String> stderr = new ArrayDeque<>(); // guarded by stderrLock
  private final ReentrantLock stderrLock = new ReentrantLock();
  private final Thread logReader;

  private PeerProcess(Implementation implementation, Process process) {
    this.implementation = implementation;
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    // Platform threads: a read of a pipe holds its thread.
    logReader = daemon("stderr").unstarted(this::readLog);
  }

  /**
   * Starts a peer with the options of {@code interop/peers/README.md} and waits until it is ready.
   */
  public static PeerProcess start(Implementation implementation, String... options)
      throws PeerException {
    return start(List.of(), implementation, options);
  }

  /**
   * The same, elsewhere.
   *
   * @param prefix a command that runs the one behind it
   */
  public static PeerProcess start(
      List<String> prefix, Implementation implementation, String... options) throws PeerException {
    var line = new ArrayList<>(prefix);
    line.addAll(implementation.command());
    line.addAll(List.of(options));
    Process process;
    try {
      process = new ProcessBuilder(line).start();
    } catch (IOException e) {
      throw new PeerException("cannot start " + String.join(" ", line), e);
    }
    var peer = new PeerProcess(implementation, process);
    peer.logReader.start();
    peer.daemon("stdout").start(peer::readAnswers);
    try {
      peer.await(peer.ready, START_TIMEOUT, "the ready line");
      return peer;
    } catch (PeerException e) {
      peer.close();
      throw e;
    }
  }

  public Implementation implementation() {
    return implementation;
  }

  /** The peer id. */
  public String id() {
    return field("id").getAsString();
  }

  /** The version of the implementation. */
  public String version() {
    return field("version").getAsString();
  }

  /** Whether the peer agrees on the multiplexer within the Noise handshake. */
  public boolean earlyMuxer() {
    return field("earlyMuxer").getAsBoolean();
  }

  /** The peer's first address, with its id: what others dial. */
  public String address() {
    return field("addrs").getAsJsonArray().get(0).getAsString() + "/p2p/" + id();
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Sends a command and waits a minute for its answer. */
  public JsonObject call(String command, Object... keysAndValues) throws PeerException {
    return call(CALL_TIMEOUT, command, keysAndValues);
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @param keysAndValues the fields of the command, each a name and a string, number or boolean
   * @throws CommandFailedException when the peer answers that the command failed
   * @throws PeerException when no answer comes, because time is up or the peer has ended
   */
  public JsonObject call(Duration timeout, String command, Object... keysAndValues)
      throws PeerException {
    return await(send(command, keysAndValues), timeout, command);
  }

  /**
   * Sends a command again and again until its answer is as wished.
   *
   * @throws PeerException when it never was within half a minute
   */
  public JsonObject until(Predicate<JsonObject> wish, String command, Object... keysAndValues)
      throws PeerException {
    return until(UNTIL_TIMEOUT, wish, command, keysAndValues);
  }

  /** The same for as long as is said. */
  public JsonObject until(
      Duration timeout, Predicate<JsonObject> wish, String command, Object... keysAndValues)
      throws PeerException {
    long start = System.nanoTime();
    while (true) {
      JsonObject answer = call(command, keysAndValues);
      if (wish.test(answer)) {
        return answer;
      }
      if (System.nanoTime() - start > timeout.toNanos()) {
        throw new PeerException(this + " still answers " + command + " with " + answer);
      }
      try {
        // Not worth asking again at once, nor when the peer has ended.
        var _ = process.waitFor(POLL_INTERVAL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PeerException("interrupted in " + command, e);
      }
    }
  }

  /** Sends a command; the answer may come before or after those of other commands. */
  public CompletableFuture<JsonObject> send(String command, Object... keysAndValues) {
    int number = lastNumber.incrementAndGet();
    var answer = new CompletableFuture<JsonObject>();
    pending.put(number, answer);
    var line = new JsonObject();
    line.addProperty("n", number);
    line.addProperty("cmd", command);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      line.add((String) keysAndValues[i], json(keysAndValues[i + 1]));
    }
    commandsLock.lock();
    try {
      commands.write(line.toString());
      commands.newLine();
      commands.flush();
    } catch (IOException e) {
      answer.completeExceptionally(ended(e));
    } finally {
      commandsLock.unlock();
    }
    return answer.whenComplete((_, _) -> pending.remove(number));
  }

  /** Waits for the answer to {@link #send}. */
  public JsonObject await(CompletableFuture<JsonObject> answer, Duration timeout, String what)
      throws PeerException {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new PeerException(
          this + " did not answer " + what + " within " + timeout.toSeconds() + " s" + tail(), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PeerException failure
          ? failure
          : new PeerException(what + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerException("interrupted in " + what, e);
    }
  }

  /** Ends the process: by the end of its input, and by force when that does not help. */
  @Override
  public void close() {
    try {
      endInput();
      if (!process.waitFor(END_TIMEOUT)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void endInput() throws InterruptedException {
    // A peer that reads no more may hold up a command, and with it the lock.
    if (!commandsLock.tryLock(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    try {
      commands.close();
    } catch (IOException e) {
      // It has ended already.
    } finally {
      commandsLock.unlock();
    }
  }

  @Override
  public String toString() {
    return implementation.label() + "-peer";
  }

  private JsonElement field(String name) {
    return ready.join().get(name);
  }

  private static JsonElement json(Object value) {
    return switch (value) {
      case String text -> new JsonPrimitive(text);
      case Number number -> new JsonPrimitive(number);
      case Boolean flag -> new JsonPrimitive(flag);
      default -> throw new IllegalArgumentException("not a field of a command: " + value);
    };
  }

  private Thread.Builder daemon(String name) {
    return Thread.ofPlatform().daemon().name(this + "-" + name);
  }

  private void readAnswers() {
    IOException cause = new IOException("its output ended");
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = reader.readLine()) != null) {
        take(JsonParser.parseString(line).getAsJsonObject());
      }
    } catch (IOException e) {
      cause = e;
    } catch (JsonParseException | IllegalStateException e) {
      cause = new IOException("a line of its output is no answer", e);
    }
    PeerException failure = ended(cause);
    ready.completeExceptionally(failure);
    pending.values().forEach(answer -> answer.completeExceptionally(failure));
  }

  private void take(JsonObject line) {
    if (line.has("event")) {
      ready.complete(line);
      return;
    }
    CompletableFuture<JsonObject> answer = pending.get(line.get("n").getAsInt());
    if (answer == null) {
      return; // whoever asked has given up
    }
    if (line.get("ok").getAsBoolean()) {
      answer.complete(line);
    } else {
      answer.completeExceptionally(
          new CommandFailedException(this + ": " + line.get("error").getAsString()));
    }
  }

  private void readLog() {
    try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = reader.readLine()) != null) {
        stderrLock.lock();
        try {
          if (stderr.size() == STDERR_LINES) {
            stderr.removeFirst();
          }
          stderr.addLast(line);
        } finally {
          stderrLock.unlock();
        }
      }
    } catch (IOException e) {
      // The process has ended, which the other thread reports.
    }
  }

  private PeerException ended(IOException cause) {
    try {
      var _ = process.waitFor(LAST_WORDS_TIMEOUT) && logReader.join(LAST_WORDS_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String how = process.isAlive() ? "" : " with " + process.exitValue();
    return new PeerException(this + " ended" + how + tail(), cause);
  }

  /** What the peer last said on its standard error. */
  private String tail() {
    stderrLock.lock();
    try {
      return stderr.isEmpty() ? "" : "; it said:\n  " + String.join("\n  ", stderr);
    } finally {
      stderrLock.unlock();
    }
  }
}
