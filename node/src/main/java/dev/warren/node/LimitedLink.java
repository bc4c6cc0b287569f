package dev.warren.node;

import dev.warren.protocols.transfer.fetch.DataStream;
import dev.warren.protocols.transfer.fetch.FollowStream;
import dev.warren.protocols.transfer.fetch.SourceLink;
import java.io.IOException;

/** A source whose content is taken no faster than a limit allows; it then sends no faster. */
record LimitedLink(SourceLink link, SpeedLimit limit) implements SourceLink {
  @Override
  public FollowStream follow() throws IOException {
    return link.follow();
  }

  @Override
  public DataStream data() throws IOException {
    return new LimitedStream(link.data(), limit);
  }

  @Override
  public String path() {
    return link.path();
  }

  @Override
  public void close() {
    link.close();
  }

  private record LimitedStream(DataStream stream, SpeedLimit limit) implements DataStream {
    @Override
    public void want(int[] ordinals) throws IOException {
      stream.want(ordinals);
    }

    @Override
    public int next() throws IOException {
      int length = stream.next();
      limit.pass(length);
      return length;
    }

    @Override
    public void rest() {
      stream.rest();
    }

    @Override
    public byte[] array() {
      return stream.array();
    }

    @Override
    public int offset() {
      return stream.offset();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
