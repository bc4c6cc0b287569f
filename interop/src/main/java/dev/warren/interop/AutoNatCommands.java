package dev.warren.interop;

import com.google.gson.JsonObject;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.AutoNatClient;
import dev.warren.libp2p.nat.autonat.AutoNatLimits;
import dev.warren.libp2p.nat.autonat.AutoNatServer;
import dev.warren.libp2p.nat.autonat.DialBackAnswer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the commands of {@code interop/peers/README.md} that are about AutoNAT. */
final class AutoNatCommands {
  private final Host host;
  private final AutoNatClient client;
  private final AtomicBoolean serving = new AtomicBoolean();

  AutoNatCommands(Host host) {
    this.host = host;
    client = AutoNatClient.attach(host);
  }

  /** Begins to dial others back, by both versions. */
  JsonObject serve() throws IOException {
    if (!serving.getAndSet(true)) {
      AutoNatServer.attach(host, AutoNatLimits.defaults().withPrivateAddresses());
    }
    return new JsonObject();
  }

  JsonObject askFirst(Connection server, Multiaddr address) throws IOException {
    return answer(client.askFirst(server, List.of(address)));
  }

  JsonObject askSecond(Connection server, Multiaddr address) throws IOException {
    return answer(client.ask(server, List.of(new AutoNatClient.Wanted(address, true))));
  }

  private static JsonObject answer(DialBackAnswer said) {
    var answer = new JsonObject();
    answer.addProperty(
        "answer",
        switch (said) {
          case DialBackAnswer.Reached _ -> "reached";
          case DialBackAnswer.Unreached _ -> "unreached";
          case DialBackAnswer.Refused _ -> "refused";
        });
    return answer;
  }
}
