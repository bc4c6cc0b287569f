package io.netty.handler.codec.quic;

import io.netty.channel.ChannelHandler;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The connection ids of a server's codec, which shows them to nobody outside this package, hence a
 * class of ours in it. All is called on the event loop.
 *
 * <p>The codec reads the stateless reset token of a connection from its configuration, when the
 * connection is made, and its builder takes one for all, by which every peer could end the
 * connections of all others. Here the configuration gets another token for each (RFC 9000 §10.3.2).
 */
public final class ServerConnectionIds extends QuicCodecBuilder<QuicServerCodecBuilder> {
  private final QuicServerCodecBuilder server;
  private final Supplier<ByteBuffer> latest;
  private final QuicResetTokenGenerator tokens;

  private ServerConnectionIds(
      QuicServerCodecBuilder server, Supplier<ByteBuffer> latest, QuicResetTokenGenerator tokens) {
    super(server);
    this.server = server.resetTokenGenerator(tokens);
    this.latest = latest;
    this.tokens = tokens;
  }

  /**
   * Builds a codec each of whose connection ids has its own token.
   *
   * @param latest the id that the codec was given last, if it was given any
   */
  public static ChannelHandler codec(
      QuicServerCodecBuilder server, Supplier<ByteBuffer> latest, QuicResetTokenGenerator tokens) {
    return new ServerConnectionIds(server, latest, tokens).build();
  }

  /** Whether a packet with this destination is of a connection that the codec has. */
  public static boolean isLive(ChannelHandler codec, ByteBuffer id) {
    return ((QuicheQuicCodec) codec).getChannel(id) != null;
  }

  @Override
  ChannelHandler build(
      QuicheConfig config,
      Function<QuicChannel, ? extends QuicSslEngine> engines,
      Executor executor,
      int idLength,
      FlushStrategy flushes) {
    return server.build(
        config,
        channel -> { // the last that the codec asks us before it makes the connection
          byte[] token = new byte[Quic.RESET_TOKEN_LEN];
          tokens.newResetToken(ownId((QuicheQuicChannel) channel)).get(token);
          Quiche.quiche_config_set_stateless_reset_token(config.nativeAddress(), token);
          return engines.apply(channel);
        },
        executor,
        idLength,
        flushes);
  }

  /**
   * The id that the client will use, of the two that its first packets may have. The codec has just
   * been given it, or, of a client that comes with an address token, takes the beginning of the one
   * that it came to.
   */
  private ByteBuffer ownId(QuicheQuicChannel channel) {
    Set<ByteBuffer> ids = channel.sourceConnectionIds();
    ByteBuffer given = latest.get();
    return ids.contains(given)
        ? given.duplicate()
        : ids.stream()
            .min(Comparator.comparingInt(ByteBuffer::remaining))
            .orElseThrow()
            .duplicate();
  }

  @Override
  public QuicServerCodecBuilder clone() {
    return server.clone();
  }
}
