package dev.warren.relay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Tells over HTTP how a relay is: {@code /metrics} for Prometheus, {@code /health} for whoever
 * decides whether to restart it or to send others to it.
 */
final class StatusServer implements Closeable {
  private static final int BACKLOG = 16;
  private static final int THREADS = 2;

  private final HttpServer server;
  private final ExecutorService threads;

  private StatusServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  static StatusServer start(InetSocketAddress address, RelayNode node) throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    // Few: whoever asks slowly keeps only others waiting who ask the same.
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("relay-status-", 0).factory());
    server.setExecutor(threads);
    server.createContext(
        "/metrics",
        exchange -> answer(exchange, 200, Metrics.CONTENT_TYPE, new Metrics(node).text()));
    server.createContext(
        "/health",
        exchange ->
            answer(
                exchange,
                node.draining() ? 503 : 200,
                "text/plain; charset=utf-8",
                node.draining() ? "ending\n" : "ok\n"));
    server.start();
    return new StatusServer(server, threads);
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(code, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
