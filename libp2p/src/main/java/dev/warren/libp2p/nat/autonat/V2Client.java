package dev.warren.libp2p.nat.autonat;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.StreamHandler;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.AutoNatClient.Wanted;
import dev.warren.libp2p.nat.autonat.v2.pb.DialBack;
import dev.warren.libp2p.nat.autonat.v2.pb.DialBackResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.DialDataRequest;
import dev.warren.libp2p.nat.autonat.v2.pb.DialDataResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.DialRequest;
import dev.warren.libp2p.nat.autonat.v2.pb.DialResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.DialStatus;
import dev.warren.libp2p.nat.autonat.v2.pb.Message;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Asks by the second version, and takes what is dialed back. The nonce tells to which question a
 * connection belongs, and not the peer, since servers dial back by another id.
 */
final class V2Client implements StreamHandler {
  /** Between the server's answer and what it has dialed before. */
  private static final Duration NONCE_TIMEOUT = Duration.ofSeconds(5);

  /** autonat-v2.md, "Amplification Attack Prevention": as much as a piece may have. */
  private static final int CHUNK_BYTES = 4096;

  private static final ByteString CHUNK = ByteString.copyFrom(new byte[CHUNK_BYTES]);

  private final Host host;
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, Question> questions = new ConcurrentHashMap<>();

  V2Client(Host host) {
    this.host = host;
  }

  /**
   * One that has been asked.
   *
   * @param before the connections of that time: a nonce that comes by one of them proves nothing
   */
  private record Question(Set<Connection> before, CompletableFuture<Connection> dialedBack) {}

  DialBackAnswer ask(Connection server, List<Wanted> addresses, Duration timeout)
      throws IOException {
    long nonce = random.nextLong();
    var question = new Question(Set.copyOf(host.connections()), new CompletableFuture<>());
    Stream stream = server.open(V2Server.DIAL_REQUEST);
    questions.put(nonce, question);
    try (stream;
        var _ = host.time().after(timeout, () -> stream.reset(0))) {
      var request = DialRequest.newBuilder().setNonce(nonce);
      addresses.forEach(
          wanted -> request.addAddrs(ByteString.copyFrom(wanted.address().toBytes())));
      AutoNatMessages.write(stream, Message.newBuilder().setDialRequest(request).build());
      Message answer = read(stream);
      if (answer.hasDialDataRequest()) {
        DialDataRequest data = answer.getDialDataRequest();
        if (!isWorthIt(data, addresses)) {
          stream.reset(0); // which is how to say no
          return new DialBackAnswer.Refused(Refusal.TOO_DEAR);
        }
        send(stream, (int) data.getNumBytes());
        answer = read(stream);
      }
      if (!answer.hasDialResponse()) {
        throw new MalformedAutoNatMessageException("another message than an answer");
      }
      return result(answer.getDialResponse(), addresses, question);
    } finally {
      questions.remove(nonce);
    }
  }

  private static boolean isWorthIt(DialDataRequest data, List<Wanted> addresses)
      throws MalformedAutoNatMessageException {
    return wanted(addresses, data.getAddrIdx()).worthData()
        && data.getNumBytes() >= 0
        && data.getNumBytes() <= V2Server.MAX_DATA_BYTES;
  }

  private static Wanted wanted(List<Wanted> addresses, int index)
      throws MalformedAutoNatMessageException {
    if (index < 0 || index >= addresses.size()) {
      throw new MalformedAutoNatMessageException("the index of an address that is not there");
    }
    return addresses.get(index);
  }

  private static void send(Stream stream, int bytes) throws IOException {
    for (int left = bytes; left > 0; left -= CHUNK_BYTES) {
      var data = DialDataResponse.newBuilder().setData(CHUNK);
      AutoNatMessages.write(stream, Message.newBuilder().setDialDataResponse(data).build());
    }
  }

  private DialBackAnswer result(DialResponse response, List<Wanted> addresses, Question question)
      throws IOException {
    return switch (response.getStatus()) {
      case OK -> {
        Multiaddr address = wanted(addresses, response.getAddrIdx()).address();
        yield response.getDialStatus() == DialStatus.E_DIAL_ERROR
            ? new DialBackAnswer.Unreached(List.of(address))
            : reached(address, response.getDialStatus(), question);
      }
      case E_REQUEST_REJECTED -> new DialBackAnswer.Refused(Refusal.REJECTED);
      case E_DIAL_REFUSED -> new DialBackAnswer.Refused(Refusal.NO_ADDRESS);
      case E_INTERNAL_ERROR -> new DialBackAnswer.Refused(Refusal.FAULT);
      case UNRECOGNIZED -> throw new MalformedAutoNatMessageException("a status that nobody knows");
    };
  }

  /** Whether somebody came in is what counts, whatever the server says went wrong after that. */
  private DialBackAnswer reached(Multiaddr address, DialStatus status, Question question)
      throws IOException {
    if (status != DialStatus.OK && status != DialStatus.E_DIAL_BACK_ERROR) {
      throw new MalformedAutoNatMessageException("a status that nobody knows");
    }
    Connection dialedBack = await(question.dialedBack());
    // It may have dialed another address than it says: autonat-v2.md, "Overview".
    if (!dialedBack.localAddress().protocols().equals(address.protocols())) {
      throw new MalformedAutoNatMessageException("a nonce by another transport than it says");
    }
    return new DialBackAnswer.Reached(address, dialedBack.remoteAddress().ip());
  }

  private Connection await(CompletableFuture<Connection> dialedBack) throws IOException {
    try (var _ =
        host.time()
            .after(NONCE_TIMEOUT, () -> dialedBack.completeExceptionally(new TimeoutException()))) {
      return dialedBack.get();
    } catch (ExecutionException e) {
      throw new MalformedAutoNatMessageException("word of a dial that nobody saw", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the thread was interrupted", e);
    }
  }

  /** Takes what somebody has dialed back. */
  @Override
  public void handle(Stream stream) throws IOException {
    try (var _ = host.time().after(NONCE_TIMEOUT, () -> stream.reset(0))) {
      DialBack dialBack =
          AutoNatMessages.read(stream, DialBack.parser(), AutoNatMessages.MAX_DIAL_BACK_BYTES);
      Connection connection = stream.connection();
      Question question = questions.get(dialBack.getNonce());
      if (question == null
          || connection.outbound()
          || connection.isRelayed()
          || question.before().contains(connection)
          || !question.dialedBack().complete(connection)) {
        throw new MalformedAutoNatMessageException("a nonce that nobody asked for");
      }
      AutoNatMessages.write(stream, DialBackResponse.getDefaultInstance());
    }
  }

  private static Message read(Stream stream) throws IOException {
    return AutoNatMessages.read(stream, Message.parser(), AutoNatMessages.MAX_V2_BYTES);
  }
}
