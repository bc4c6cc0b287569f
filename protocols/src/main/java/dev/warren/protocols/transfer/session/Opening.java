package dev.warren.protocols.transfer.session;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.pb.TransferMessages.Accepted;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Waiting;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.util.Optional;

/** A stream whose receiver has proved to have a share's key, and waits for an answer. */
public final class Opening {
  private final Stream stream;
  private final Wire wire;
  private final ShareId share;
  private final Purpose purpose;
  private final Optional<Token> token;
  private final SessionKeys keys;

  Opening(
      Stream stream,
      Wire wire,
      ShareId share,
      Purpose purpose,
      Optional<Token> token,
      SessionKeys keys) {
    this.stream = stream;
    this.wire = wire;
    this.share = share;
    this.purpose = purpose;
    this.token = token;
    this.keys = keys;
  }

  /** Who it is. */
  public PeerId receiver() {
    return stream.remotePeer();
  }

  /** What it wants. */
  public ShareId share() {
    return share;
  }

  /** What for. */
  public Purpose purpose() {
    return purpose;
  }

  /** The sharer's word for it, not checked yet. */
  public Optional<Token> token() {
    return token;
  }

  /** Lets it know that a person is asked; at most once. */
  public void waiting() throws IOException {
    wire.send(FromSource.newBuilder().setWaiting(Waiting.getDefaultInstance()).build());
  }

  /** Tells it that it does not get the share. The stream is then to be closed, not reset. */
  public void refuse(RefusedException refused) throws IOException {
    wire.send(Refusals.encode(refused));
  }

  /** Lets it follow the share. */
  public FollowAnswer follow(Acceptance acceptance) throws IOException {
    accept(acceptance);
    return new FollowAnswer(wire);
  }

  /** Lets it have chunks. */
  public DataAnswer data(Acceptance acceptance) throws IOException {
    accept(acceptance);
    return new DataAnswer(stream, wire, keys.boxKey());
  }

  private void accept(Acceptance acceptance) throws IOException {
    var accepted =
        Accepted.newBuilder()
            .setSharer(ByteString.copyFrom(acceptance.sharer().toProtobuf()))
            .setName(Refusals.printable(acceptance.name()))
            .setDescription(Refusals.printable(acceptance.description()));
    acceptance.token().ifPresent(given -> accepted.setToken(ByteString.copyFrom(given.toBytes())));
    wire.send(FromSource.newBuilder().setAccepted(accepted).build());
  }
}
