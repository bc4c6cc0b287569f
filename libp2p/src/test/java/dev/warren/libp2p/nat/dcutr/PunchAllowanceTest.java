package dev.warren.libp2p.nat.dcutr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.ManualTime;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PunchAllowanceTest {
  private final ManualTime time = new ManualTime();
  private final PunchAllowance allowance = new PunchAllowance(time);

  @Test
  void aPeerHasSixTurnsAMinute() throws Exception {
    PeerId peer = anybody();

    assertThat(taken(peer, 20)).isEqualTo(PunchAllowance.PER_PEER);
    assertThat(taken(anybody(), 1)).isOne();
    time.advance(PunchAllowance.WINDOW);
    assertThat(taken(peer, 20)).isEqualTo(PunchAllowance.PER_PEER);
  }

  @Test
  void newIdsDoNotGetAroundTheBoundOnAll() {
    long taken = IntStream.range(0, 200).filter(_ -> allowance.take(anybody())).count();

    assertThat(taken).isEqualTo(PunchAllowance.IN_ALL);
  }

  @Test
  void strangersDoNotUseUpWhatThoseWhomWeCallNeed() {
    IntStream.range(0, 200).forEach(_ -> allowance.take(anybody()));

    long answered = IntStream.range(0, 200).filter(_ -> allowance.takeToAnswer(anybody())).count();

    assertThat(answered).isEqualTo(PunchAllowance.IN_ALL);
  }

  private long taken(PeerId peer, int tries) {
    return IntStream.range(0, tries).filter(_ -> allowance.take(peer)).count();
  }

  private static PeerId anybody() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }
}
