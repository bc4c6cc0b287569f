package dev.warren.cli;

import dev.warren.node.Node;
import dev.warren.node.NodeConfig;
import dev.warren.node.NodeRecords;
import dev.warren.node.Warren;
import java.io.IOException;

/** Where commands get their node from; tests have one of their own. */
interface NodeStarter {
  Node start(NodeConfig config) throws IOException;

  NodeRecords records(NodeConfig config) throws IOException;

  /** The real one. */
  static NodeStarter real() {
    return new NodeStarter() {
      @Override
      public Node start(NodeConfig config) throws IOException {
        return Warren.start(config);
      }

      @Override
      public NodeRecords records(NodeConfig config) throws IOException {
        return Warren.records(config);
      }
    };
  }
}
