package dev.warren.relay;

import dev.warren.libp2p.nat.relay.RelayServer;
import dev.warren.node.NetworkMember;
import java.util.Locale;

/**
 * How a relay is, as Prometheus reads it (text format 0.0.4). Written by hand: a dozen figures that
 * are kept anyway need no library.
 */
final class Metrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final RelayNode node;
  private final StringBuilder text = new StringBuilder();

  Metrics(RelayNode node) {
    this.node = node;
  }

  String text() {
    RelayServer.Activity activity = node.activity();
    gauge("warren_connections", "Open connections.", node.host().connections().size());
    gauge(
        "warren_relay_reservations",
        "Peers that can be reached through this.",
        activity.reservations());
    gauge("warren_relay_circuits", "Open circuits.", activity.circuits());
    counter(
        "warren_relay_reservations_total",
        "Reservations granted or renewed.",
        activity.grantedReservations());
    counter("warren_relay_circuits_total", "Circuits opened.", activity.openedCircuits());
    counter(
        "warren_relay_bytes_total", "Bytes passed on, both directions.", activity.relayedBytes());
    family("warren_relay_refusals_total", "Requests refused.", "counter");
    activity
        .refusals()
        .forEach(
            (reason, count) ->
                sample(
                    "warren_relay_refusals_total",
                    "{reason=\"" + reason.name().toLowerCase(Locale.ROOT) + "\"}",
                    count));
    gauge(
        "warren_relay_spent_today_bytes",
        "Bytes passed on today (UTC).",
        node.rules().spentToday());
    gauge(
        "warren_relay_spent_month_bytes",
        "Bytes passed on this month (UTC).",
        node.rules().spentThisMonth());
    var dialBacks = node.dialBacks();
    family("warren_autonat_dialbacks_total", "Requests to be dialed back.", "counter");
    sample("warren_autonat_dialbacks_total", "{result=\"reached\"}", dialBacks.reached());
    sample("warren_autonat_dialbacks_total", "{result=\"unreached\"}", dialBacks.unreached());
    sample("warren_autonat_dialbacks_total", "{result=\"refused\"}", dialBacks.refused());
    gauge("warren_relay_draining", "1 when nothing is granted any more.", node.draining() ? 1 : 0);
    family("warren_dht_peers", "Peers in the routing table.", "gauge");
    for (NetworkMember member : node.members()) {
      sample(
          "warren_dht_peers",
          "{network=\"" + escaped(member.network().name()) + "\"}",
          member.dht().size());
    }
    Runtime runtime = Runtime.getRuntime();
    gauge("warren_heap_used_bytes", "Heap in use.", runtime.totalMemory() - runtime.freeMemory());
    gauge("warren_heap_max_bytes", "Heap that there may be.", runtime.maxMemory());
    return text.toString();
  }

  private void gauge(String name, String help, long value) {
    family(name, help, "gauge");
    sample(name, "", value);
  }

  private void counter(String name, String help, long value) {
    family(name, help, "counter");
    sample(name, "", value);
  }

  private void family(String name, String help, String type) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String labels, long value) {
    text.append(name).append(labels).append(' ').append(value).append('\n');
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
