package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.quic.StreamEnding.Closed;
import dev.warren.libp2p.transport.quic.StreamEnding.Lost;
import dev.warren.libp2p.transport.quic.StreamEnding.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.StreamTable;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/** One stream, blocking for those who use it and a handler for the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as the end of the stream
final class QuicStream extends ChannelInboundHandlerAdapter implements MuxedStream {
  private final QuicConnection connection;
  private final QuicStreamChannel channel;
  private final ReceivingHalf receiving;
  private final SendingHalf sending;
  private boolean forgotten; // owned by the event loop

  QuicStream(QuicConnection connection, QuicStreamChannel channel) {
    this.connection = connection;
    this.channel = channel;
    this.receiving = new ReceivingHalf(connection, channel);
    this.sending = new SendingHalf(this, connection, channel);
  }

  // ---- the user's threads

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    return length == 0 ? 0 : receiving.read(target, offset, length);
  }

  @Override
  public void awaitReadable() throws IOException {
    receiving.awaitReadable();
  }

  @Override
  public int available() {
    return receiving.available();
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    sending.write(source, offset, length);
  }

  @Override
  public void closeWrite() throws IOException {
    sending.close();
  }

  @Override
  public void closeRead() {
    boolean stop = receiving.end(Closed.INSTANCE);
    connection.onLoop(
        () -> {
          if (stop) {
            channel.shutdownInput(0);
          }
          settle();
        });
  }

  @Override
  public void close() {
    closeRead();
    try {
      closeWrite();
    } catch (IOException e) {
      // It has ended in another way: there is nothing left to close.
    }
  }

  @Override
  public void reset(long code) {
    int sent = Math.clamp(code, 0, Integer.MAX_VALUE);
    var ending = new Reset(sent, false);
    boolean reading = receiving.end(ending);
    if (sending.reset(ending) || reading) {
      connection.onLoop(
          () -> {
            channel.shutdown(sent);
            settle();
          });
    }
  }

  @Override
  public void setReadTimeout(Duration timeout) {
    receiving.setTimeout(timeout);
  }

  @Override
  public void setWriteTimeout(Duration timeout) {
    sending.setTimeout(timeout);
  }

  // ---- the event loop

  @Override
  public void channelActive(ChannelHandlerContext context) {
    receiving.onActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    receiving.onBytes((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    receiving.onFetched();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownReadComplete.INSTANCE) {
      receiving.onFin();
      settle();
    }
  }

  /** How a read fails. A peer that resets what it sends has given the whole stream up. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof QuicStreamResetException reset) {
      long code = reset.applicationProtocolCode();
      fail(new Reset(code, true));
      channel.shutdownOutput(Math.clamp(code, 0, Integer.MAX_VALUE));
    } else {
      fail(new Lost(connection));
    }
    settle();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(new Lost(connection));
    receiving.onGone();
    sending.drop();
    forget();
  }

  private void fail(StreamEnding how) {
    receiving.fail(how);
    sending.end(how);
  }

  /** Whether the peer has ended its half, or nobody reads what it still sends. */
  boolean isAllReceived() {
    return receiving.isOver();
  }

  /** Forgets the stream when both halves have ended. */
  void settle() {
    if (receiving.isOver() && sending.isOver()) {
      forget();
    }
  }

  boolean isForgotten() {
    return forgotten;
  }

  private void forget() {
    if (!forgotten) {
      forgotten = true;
      channel.close(); // which repeats a FIN that went alone
      StreamTable.forget(channel);
      connection.forget();
    }
  }
}
