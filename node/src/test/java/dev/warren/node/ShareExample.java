package dev.warren.node;

import java.nio.file.Path;

final class ShareExample {
  private ShareExample() {}

  // begin README
  static void share(Path mods, Path dataDirectory) throws Exception {
    try (Node node = Warren.start(NodeConfig.in(dataDirectory));
        Sharing sharing = node.share(ShareOptions.of(mods))) {
      System.out.println("warren receive " + sharing.codes().shortest());
      sharing.await();
    }
  }

  static Received receive(String code, Path into, Path dataDirectory) throws Exception {
    try (Node node = Warren.start(NodeConfig.in(dataDirectory));
        Receiving receiving = node.receive(ReceiveOptions.of(code).into(into))) {
      return receiving.await();
    }
  }
  // end README
}
