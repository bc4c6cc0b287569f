package dev.warren.protocols.transfer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.protocols.transfer.pb.TransferMessages.FromReceiver;
import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Hello;
import dev.warren.protocols.transfer.pb.TransferMessages.Proof;
import dev.warren.protocols.transfer.pb.TransferMessages.Welcome;
import dev.warren.protocols.transfer.session.FollowRequest.From;
import dev.warren.protocols.transfer.session.RefusedException.Reason;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SessionTest {
  private static final ShareId SHARE = new ShareId("ABC123");
  private static final ShareKey KEY = ShareKey.generate(new SecureRandom());
  private static final ShareKey OTHER_KEY = ShareKey.generate(new SecureRandom());
  private static final EnumSet<FromSource.KindCase> FIRST =
      EnumSet.of(FromSource.KindCase.WELCOME, FromSource.KindCase.REFUSAL);

  private final HandTime time = new HandTime();
  private final BlockingQueue<CompletableFuture<Opening>> openings = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private TwoHosts hosts;

  @BeforeEach
  void connect() throws IOException {
    hosts = TwoHosts.inMemory();
    serve(Optional.of(KEY));
  }

  @AfterEach
  void disconnect() {
    end.complete(null);
    hosts.close();
    threads.close();
  }

  /** Keeps each stream open until the test is over. */
  private void serve(Optional<ShareKey> key) {
    var server = new SessionServer(hosts.source().peerId(), time);
    hosts
        .source()
        .handle(
            TransferProtocol.ID,
            stream -> {
              var opened = new CompletableFuture<Opening>();
              openings.add(opened);
              try {
                opened.complete(server.open(stream, share -> share.equals(SHARE) ? key : none()));
                end.join();
              } catch (RefusedException told) {
                opened.completeExceptionally(told);
              } catch (IOException | RuntimeException e) {
                opened.completeExceptionally(e);
                throw e;
              }
            });
  }

  private static Optional<ShareKey> none() {
    return Optional.empty();
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void whoHasTheKeyIsLetIn(KeyType sharer) throws Exception {
    hosts.close();
    hosts = TwoHosts.inMemory(sharer);
    serve(Optional.of(KEY));
    Future<FollowSession> session = follow(access());

    Opening opening = opening();
    assertThat(opening.receiver()).isEqualTo(hosts.receiver().peerId());
    assertThat(opening.share()).isEqualTo(SHARE);
    assertThat(opening.purpose()).isEqualTo(Purpose.FOLLOW);
    assertThat(opening.token()).isEmpty();
    Token token = Token.issue(hosts.source().identity(), SHARE, opening.receiver(), Instant.MAX);
    FollowAnswer answer =
        opening.follow(
            new Acceptance(sharerKey(), "mods \u001b[2J", "for\neight", Optional.of(token)));

    Acceptance acceptance = session.get().acceptance();
    assertThat(acceptance)
        .isEqualTo(new Acceptance(sharerKey(), "mods ?[2J", "for?eight", Optional.of(token)));
    session.get().tell(new From(3));
    assertThat(answer.next()).contains(new From(3));
    answer.tell(new FollowEvent.HoldsEverything());
    assertThat(session.get().next()).isEqualTo(new FollowEvent.HoldsEverything());
    session.get().close();
    assertThat(answer.next()).isEmpty();
    assertThat(time.planned()).isZero();
  }

  @Test
  void dataStreamsHaveAKeyOfTheirOwn() throws Exception {
    Future<DataSession> first = data(access());
    DataAnswer firstAnswer = opening().data(new Acceptance(sharerKey(), "", "", Optional.empty()));
    Future<DataSession> second = data(access());
    DataAnswer secondAnswer = opening().data(new Acceptance(sharerKey(), "", "", Optional.empty()));

    assertThat(first.get().boxKey()).isEqualTo(firstAnswer.boxKey());
    assertThat(second.get().boxKey()).isEqualTo(secondAnswer.boxKey());
    assertThat(first.get().boxKey()).isNotEqualTo(second.get().boxKey());

    first.get().want(new int[] {7, 3, 4});
    assertThat(firstAnswer.next().orElseThrow()).containsExactly(7, 3, 4);
    firstAnswer.write(new byte[] {9, 8, 7}, 1, 2);
    byte[] received = new byte[2];
    first.get().readFully(received, 0, 2);
    assertThat(received).containsExactly(8, 7);
  }

  @Test
  void aReceiverProvesNothingToASourceWithoutTheKey() throws Exception {
    serve(Optional.of(OTHER_KEY));

    assertRefused(follow(access()), Reason.UNKNOWN);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> opening())
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void aShareThatIsNotThereLooksAsOneWithAnotherKey() throws Exception {
    serve(Optional.empty());
    assertRefused(follow(access()), Reason.UNKNOWN);
    byte[] unknown = refusalOfAWrongProof();
    serve(Optional.of(KEY));
    byte[] wrongKey = refusalOfAWrongProof();

    assertThat(unknown).isEqualTo(wrongKey);
  }

  /** Goes on although the source's proof may not hold, as only a probing peer does. */
  private byte[] refusalOfAWrongProof() throws IOException {
    Stream stream = hosts.connection().open(TransferProtocol.ID);
    var wire = new Wire(stream);
    wire.send(hello(SHARE.text(), 32));
    Welcome welcome = wire.readFromSource(FIRST).orElseThrow().getWelcome();
    assertThat(welcome.getNonce().size()).isEqualTo(32);
    assertThat(welcome.getProof().size()).isEqualTo(32);
    wire.send(proof(new byte[32]));
    FromSource refusal = wire.readFromSource(FIRST).orElseThrow();
    assertThat(refusal.hasRefusal()).isTrue();
    assertThat(wire.readFromSource(FIRST)).isEmpty();
    return refusal.toByteArray();
  }

  @Test
  void aProofIsGoodForOneStream() throws Exception {
    Stream stream = hosts.connection().open(TransferProtocol.ID);
    var wire = new Wire(stream);
    wire.send(hello(SHARE.text(), 32));
    Welcome welcome = wire.readFromSource(FIRST).orElseThrow().getWelcome();
    PeerId source = hosts.source().peerId();
    byte[] sourceNonce = welcome.getNonce().toByteArray();
    sourceNonce[0] ^= 1;
    SessionKeys replayed =
        SessionKeys.derive(
            SHARE, KEY, hosts.receiver().peerId(), source, new byte[32], sourceNonce);

    wire.send(proof(replayed.receiverProof()));
    assertThat(wire.readFromSource(FIRST).orElseThrow().hasRefusal()).isTrue();
  }

  @Test
  void theSourcesOwnProofIsNoProofOfAReceiver() throws Exception {
    var wire = new Wire(hosts.connection().open(TransferProtocol.ID));
    wire.send(hello(SHARE.text(), 32));
    Welcome welcome = wire.readFromSource(FIRST).orElseThrow().getWelcome();

    wire.send(proof(welcome.getProof().toByteArray()));
    assertThat(wire.readFromSource(FIRST).orElseThrow().hasRefusal()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void refusalsArriveWithTheirReason(Reason reason) throws Exception {
    Future<FollowSession> session = follow(access());
    opening().refuse(new RefusedException(reason, "not \u0007today"));

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(session::get)
        .havingCause()
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason))
        .withMessage("not ?today");
  }

  @Test
  void whileAPersonDecidesAReceiverWaitsLonger() throws Exception {
    var told = new CompletableFuture<Void>();
    Future<FollowSession> session =
        threads.submit(
            () -> client().follow(hosts.connection(), access(), () -> told.complete(null)));
    Opening opening = opening();

    opening.waiting();
    told.get();
    assertThat(time.planned()).isEqualTo(1);
    opening.follow(new Acceptance(sharerKey(), "", "", Optional.empty()));

    assertThat(session.get().acceptance().sharer()).isEqualTo(sharerKey());
    assertThat(time.planned()).isZero();
  }

  @Test
  void aPersonWhoDecidesNothingIsNotWaitedForWithoutEnd() throws Exception {
    Future<FollowSession> session = follow(access());
    opening().waiting();

    time.pass(TransferProtocol.APPROVAL);
    assertTimedOut(session);
  }

  @Test
  void aSourceThatSaysNothingIsGivenUp() throws Exception {
    hosts.source().handle(TransferProtocol.ID, _ -> end.join());
    Future<FollowSession> session = follow(access());

    time.pass(TransferProtocol.OPENING);
    assertTimedOut(session);
  }

  @Test
  void aSourceThatReadsNothingIsGivenUp() throws Exception {
    hosts.close();
    var receivers = new HandTime();
    hosts = TwoHosts.inMemory(receivers);
    serve(Optional.of(KEY));
    Future<FollowSession> session = follow(access());
    opening().follow(new Acceptance(sharerKey(), "", "", Optional.empty()));
    FollowSession following = session.get();
    Future<?> telling =
        threads.submit(
            () -> {
              while (true) {
                following.tell(new From(0));
              }
            });

    receivers.pass(TransferProtocol.WRITE_TIMEOUT);

    assertTimedOut(telling);
  }

  @Test
  void aReceiverThatSaysNothingIsGivenUp() throws Exception {
    Stream stream = hosts.connection().open(TransferProtocol.ID);
    stream.awaitAgreement();
    stream.write(new byte[] {40});

    time.pass(TransferProtocol.OPENING);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> stream.read(new byte[1], 0, 1))
        .withMessageContaining("reset");
  }

  @Test
  void tokensGoToSourcesOtherThanTheSharer() throws Exception {
    PrivateKey sharer = PrivateKey.generate(KeyType.ED25519);
    Token token = Token.issue(sharer, SHARE, hosts.receiver().peerId(), Instant.MAX);

    Future<FollowSession> seeded =
        follow(new ShareAccess(SHARE, KEY, sharer.peerId(), Optional.of(token)));
    Opening atSeed = opening();
    atSeed.follow(new Acceptance(sharer.publicKey(), "", "", Optional.empty()));
    seeded.get();
    Future<FollowSession> own =
        follow(new ShareAccess(SHARE, KEY, hosts.source().peerId(), Optional.of(token)));
    Opening atSharer = opening();
    atSharer.follow(new Acceptance(sharerKey(), "", "", Optional.empty()));
    own.get();

    assertThat(atSeed.token()).contains(token);
    assertThat(atSharer.token()).isEmpty();
  }

  @Test
  void aSourceThatServesSomeoneElsesShareIsRefused() throws Exception {
    PublicKey other = PrivateKey.generate(KeyType.ED25519).publicKey();
    Future<FollowSession> session = follow(access());
    opening().follow(new Acceptance(other, "", "", Optional.empty()));

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(session::get)
        .withCauseInstanceOf(SessionException.class)
        .withMessageContaining("not of");
  }

  @Test
  void beginningsThatAreNoneAreRefused() throws Exception {
    assertEnded(hello("not a share id", 32));
    assertEnded(hello(SHARE.text(), 31));
    assertEnded(hello("", 32));
    assertEnded(proof(new byte[32]));
  }

  private void assertEnded(FromReceiver first) throws IOException {
    Stream stream = hosts.connection().open(TransferProtocol.ID);
    var wire = new Wire(stream);
    wire.send(first);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> wire.readFromSource(FIRST))
        .withMessageContaining("reset");
  }

  private static FromReceiver hello(String share, int nonceBytes) {
    return FromReceiver.newBuilder()
        .setHello(
            Hello.newBuilder().setShare(share).setNonce(ByteString.copyFrom(new byte[nonceBytes])))
        .build();
  }

  private static FromReceiver proof(byte[] proof) {
    return FromReceiver.newBuilder()
        .setProof(Proof.newBuilder().setProof(ByteString.copyFrom(proof)))
        .build();
  }

  private ShareAccess access() {
    return new ShareAccess(SHARE, KEY, hosts.source().peerId(), Optional.empty());
  }

  private PublicKey sharerKey() {
    return hosts.source().identity().publicKey();
  }

  private SessionClient client() {
    return new SessionClient(hosts.receiver().peerId(), time);
  }

  private Future<FollowSession> follow(ShareAccess access) {
    return threads.submit(() -> client().follow(hosts.connection(), access, () -> {}));
  }

  private Future<DataSession> data(ShareAccess access) {
    return threads.submit(() -> client().data(hosts.connection(), access, () -> {}));
  }

  private Opening opening() throws Exception {
    return openings.take().get();
  }

  private static void assertRefused(Future<?> session, Reason reason) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(session::get)
        .havingCause()
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static void assertTimedOut(Future<?> session) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(session::get)
        .withCauseInstanceOf(SocketTimeoutException.class);
  }
}
