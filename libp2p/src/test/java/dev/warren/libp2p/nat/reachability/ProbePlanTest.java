package dev.warren.libp2p.nat.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.DialBackAnswer;
import dev.warren.libp2p.nat.autonat.Refusal;
import dev.warren.libp2p.nat.reachability.ProbePlan.Probe;
import dev.warren.libp2p.nat.reachability.ProbePlan.Server;
import dev.warren.libp2p.nat.reachability.ProbePlan.Target;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbePlanTest {
  private static final Target QUIC = target("/ip4/11.0.0.1/udp/4001/quic-v1");
  private static final Target TCP = target("/ip4/11.0.0.1/tcp/4001");
  private static final List<PeerId> PEERS =
      IntStream.range(0, 6).mapToObj(_ -> PrivateKey.generate(KeyType.ED25519).peerId()).toList();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ProbePlan plan = new ProbePlan();

  @Test
  void anAddressIsTriedByWhoKnowsUsByTheOtherTransport() {
    plan.update(
        List.of(QUIC), List.of(server(0, TransportKind.QUIC), server(1, TransportKind.TCP)), 0);

    assertThat(next(0).server().peer()).isEqualTo(PEERS.get(1));
  }

  @Test
  void eachServerIsAskedOneQuestionAtATimeAndAllAtOnce() {
    plan.update(List.of(QUIC, TCP), List.of(server(0), server(1)), 0);

    assertThat(List.of(next(0).targets(), next(0).targets()))
        .containsExactlyInAnyOrder(List.of(QUIC), List.of(TCP));
    assertThat(plan.next(0)).isEmpty();
  }

  @Test
  void asManyAreAskedAtOnceAsAVerdictTakes() {
    plan.update(List.of(QUIC), List.of(server(0), server(1), server(2)), 0);
    Probe first = next(0);
    Probe second = next(0);
    assertThat(plan.next(0)).isEmpty();

    plan.finished(first, unreached(QUIC), 0);
    plan.finished(second, unreached(QUIC), 0);

    assertThat(plan.verdict(QUIC.address())).isEqualTo(Verdict.PRIVATE);
  }

  @Test
  void noMoreThanFourQuestionsAreUnderWay() {
    List<Target> targets =
        IntStream.range(1, 20).mapToObj(port -> target("/ip4/11.0.0.1/tcp/" + port)).toList();
    plan.update(targets, IntStream.range(0, 6).mapToObj(i -> server(i)).toList(), 0);

    int asked = 0;
    while (plan.next(0).isPresent()) {
      asked++;
    }

    assertThat(asked).isEqualTo(4);
    assertThat(plan.targets()).hasSize(16);
  }

  @Test
  void whoRejectsIsLeftAloneForTwoMinutes() {
    plan.update(List.of(QUIC), List.of(server(0)), 0);
    plan.finished(next(0), refused(Refusal.REJECTED), 0);

    assertThat(plan.next(119 * SECOND)).isEmpty();
    assertThat(plan.next(120 * SECOND)).isPresent();
  }

  @Test
  void whoDoesNotDialAnAddressIsAskedForOthers() {
    plan.update(List.of(QUIC, TCP), List.of(server(0)), 0);
    plan.finished(next(0), refused(Refusal.NO_ADDRESS), 0);
    assertThat(next(SECOND).targets()).containsExactly(TCP);
  }

  @Test
  void whatNobodyDialsDoesNotKeepTheOthersFromAVerdict() {
    Target ip6 = target("/ip6/2a00::1/tcp/4001");
    plan.update(List.of(ip6, TCP), List.of(server(0)), 0);
    plan.finished(next(0), refused(Refusal.NO_ADDRESS), 0);
    assertThat(plan.verdict(TransportKind.TCP)).isEqualTo(Verdict.UNKNOWN);

    plan.finished(next(SECOND), unreached(TCP), SECOND);

    assertThat(plan.verdict(TransportKind.TCP)).isEqualTo(Verdict.PRIVATE);
  }

  @Test
  void oneAddressThatIsReachedIsEnoughForItsTransport() {
    Target other = target("/ip4/11.0.0.1/tcp/9");
    plan.update(List.of(TCP, other), List.of(server(0)), 0);
    plan.finished(next(0), reached(TCP), 0);
    plan.finished(next(SECOND), unreached(other), SECOND);

    assertThat(plan.verdict(TransportKind.TCP)).isEqualTo(Verdict.PUBLIC);
    assertThat(plan.verdict(other.address())).isEqualTo(Verdict.PRIVATE);
    assertThat(plan.verdict(TransportKind.QUIC)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void serversOfTheFirstVersionAreAskedWhereThereAreNoOthers() {
    Server first =
        new Server(PEERS.get(1), new Observer("1"), false, Set.of(), QUIC.address().ip());
    plan.update(List.of(QUIC, TCP), List.of(first, server(0)), 0);
    assertThat(next(0).server().peer()).isEqualTo(PEERS.get(0));

    plan.update(List.of(QUIC, TCP), List.of(first), 0);
    plan.finished(new Probe(server(0), List.of(QUIC)), Optional.empty(), 0);
    assertThat(next(0).targets()).containsExactlyInAnyOrder(QUIC, TCP);
  }

  @Test
  void serversOfTheFirstVersionAreAskedForWhatTheyCanDial() {
    Server elsewhere =
        new Server(
            PEERS.get(1),
            new Observer("1"),
            false,
            Set.of(),
            Optional.of(InetAddress.ofLiteral("11.0.0.2")));
    plan.update(List.of(QUIC), List.of(elsewhere), 0);

    assertThat(plan.next(0)).isEmpty();
  }

  @Test
  void whoLetsStrangersInFiltersNothing() {
    plan.update(List.of(QUIC), List.of(server(0, TransportKind.TCP)), 0);
    plan.finished(next(0), reached(QUIC), 0);

    assertThat(plan.filtering(TransportKind.QUIC)).isEqualTo(NatFiltering.ENDPOINT_INDEPENDENT);
  }

  @Test
  void whoLetsAcquaintancesInAloneFiltersByAddress() {
    plan.update(
        List.of(QUIC), List.of(server(0, TransportKind.QUIC), server(1, TransportKind.TCP)), 0);
    plan.finished(next(0), unreached(QUIC), 0);
    plan.finished(next(0), reached(QUIC), 0);

    assertThat(plan.filtering(TransportKind.QUIC)).isEqualTo(NatFiltering.ADDRESS_DEPENDENT);
    assertThat(plan.verdict(QUIC.address())).isEqualTo(Verdict.PRIVATE);
  }

  @Test
  void whoLetsNobodyInAtAnotherPortFiltersByPort() {
    plan.update(List.of(QUIC), List.of(server(0, TransportKind.QUIC)), 0);
    plan.finished(next(0), unreached(QUIC), 0);

    assertThat(plan.filtering(TransportKind.QUIC))
        .isEqualTo(NatFiltering.ADDRESS_AND_PORT_DEPENDENT);
  }

  @Test
  void answersAboutAddressesThatNobodyAskedForAreNotTaken() {
    plan.update(List.of(QUIC), List.of(server(0)), 0);
    plan.finished(next(0), reached(TCP), 0);

    assertThat(plan.verdict(TCP.address())).isEqualTo(Verdict.UNKNOWN);
    assertThat(plan.targets()).containsExactly(QUIC);
  }

  @Test
  void aNewAddressHasAllOthersTriedAgain() {
    plan.update(List.of(QUIC), List.of(server(0)), 0);
    plan.finished(next(0), reached(QUIC), 0);
    assertThat(plan.next(SECOND)).isEmpty();

    plan.update(List.of(QUIC, TCP), List.of(server(0)), SECOND);
    plan.finished(next(SECOND), reached(TCP), SECOND);

    assertThat(next(2 * SECOND).targets()).containsExactly(QUIC);
  }

  @Test
  void whoIsReachedByAcquaintancesAloneBehindANatIsNotTakenToBePublic() {
    Target seen = new Target(QUIC.address(), TransportKind.QUIC, false, true);
    plan.update(List.of(seen), List.of(server(0, TransportKind.QUIC)), 0);
    plan.finished(next(0), reached(seen), 0);
    assertThat(plan.verdict(TransportKind.QUIC)).isEqualTo(Verdict.UNKNOWN);

    plan.update(List.of(seen), List.of(server(1, TransportKind.TCP)), 0);
    plan.finished(next(0), reached(seen), 0);
    assertThat(plan.verdict(TransportKind.QUIC)).isEqualTo(Verdict.PUBLIC);
  }

  @Test
  void anAddressThatARouterTurnsOutToMapIsTriedAnew() {
    Target seen = new Target(QUIC.address(), TransportKind.QUIC, false, true);
    plan.update(List.of(seen), List.of(server(0, TransportKind.QUIC)), 0);
    plan.finished(next(0), reached(seen), 0);

    plan.update(List.of(QUIC), List.of(server(0, TransportKind.QUIC)), SECOND);
    plan.finished(next(SECOND), reached(QUIC), SECOND);

    assertThat(plan.verdict(TransportKind.QUIC)).isEqualTo(Verdict.PUBLIC);
  }

  private Probe next(long nowNanos) {
    return plan.next(nowNanos).orElseThrow();
  }

  private static Optional<DialBackAnswer> reached(Target target) {
    return Optional.of(new DialBackAnswer.Reached(target.address(), Optional.empty()));
  }

  private static Optional<DialBackAnswer> unreached(Target target) {
    return Optional.of(new DialBackAnswer.Unreached(List.of(target.address())));
  }

  private static Optional<DialBackAnswer> refused(Refusal why) {
    return Optional.of(new DialBackAnswer.Refused(why));
  }

  private static Server server(int number, TransportKind... talksBy) {
    return new Server(
        PEERS.get(number),
        new Observer(Integer.toString(number)),
        true,
        Set.of(talksBy),
        Optional.empty());
  }

  private static Target target(String address) {
    Multiaddr parsed = Multiaddr.parse(address);
    return new Target(parsed, TransportKind.of(parsed).orElseThrow(), true, true);
  }
}
