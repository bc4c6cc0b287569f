package dev.warren.node;

import java.io.IOException;

/**
 * The way in.
 *
 * <pre>{@code
 * try (Node node = Warren.start(NodeConfig.in(directory));
 *     Sharing sharing = node.share(ShareOptions.of(Path.of("mods")))) {
 *   System.out.println("warren receive " + sharing.codes().shortest());
 *   sharing.await();
 * }
 * }</pre>
 */
public final class Warren {
  private Warren() {}

  /**
   * Starts a node.
   *
   * @throws IOException if it cannot listen, or its directory cannot be used
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static Node start(NodeConfig config) throws IOException {
    throw new UnsupportedOperationException("under construction: " + config.dataDirectory());
  }

  /**
   * Opens what the node of a directory remembers, whether it runs or not.
   *
   * @throws IOException if it cannot be read
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static NodeRecords records(NodeConfig config) throws IOException {
    throw new UnsupportedOperationException("under construction: " + config.dataDirectory());
  }
}
