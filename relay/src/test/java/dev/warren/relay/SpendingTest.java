package dev.warren.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.IpGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpendingTest {
  private static final Instant EVENING = Instant.parse("2026-01-30T23:00:00Z");
  private static final Instant NEXT_DAY = EVENING.plus(Duration.ofHours(2));
  private static final Instant NEXT_MONTH = EVENING.plus(Duration.ofDays(2));
  private static final List<IpGroup> ONE = List.of(group("192.0.2.1"));
  private static final List<IpGroup> TWO = List.of(group("192.0.2.2"));

  @TempDir private Path directory;
  private final Spending spending = new Spending(EVENING);

  @Test
  void aDayIsOverAtMidnight() {
    var budget = new Budget(0, 100, 0, 0);
    spending.add(100, ONE, EVENING);

    assertThat(spending.isLeft(budget, TWO, EVENING)).isFalse();
    assertThat(spending.isLeft(budget, TWO, NEXT_DAY)).isTrue();
  }

  @Test
  void aMonthHasItsOwnBudget() {
    var budget = new Budget(0, 0, 100, 0);
    spending.add(60, ONE, EVENING);
    spending.add(60, ONE, NEXT_DAY);

    assertThat(spending.isLeft(budget, ONE, NEXT_DAY)).isFalse();
    assertThat(spending.isLeft(budget, ONE, NEXT_MONTH)).isTrue();
  }

  @Test
  void anAddressThatHasUsedItsShareLeavesTheOthersTheirs() {
    var budget = new Budget(0, 0, 0, 100);
    spending.add(100, ONE, EVENING);

    assertThat(spending.isLeft(budget, ONE, EVENING)).isFalse();
    assertThat(spending.isLeft(budget, TWO, EVENING)).isTrue();
    assertThat(spending.isLeft(budget, ONE, NEXT_DAY)).isTrue();
  }

  @Test
  void allNetworksOfASiteHaveEightShares() {
    var budget = new Budget(0, 0, 0, 100);
    for (int i = 0; i < 8; i++) {
      List<IpGroup> ips = List.of(group("2a0b:1:2:%x::1".formatted(i)));
      assertThat(spending.isLeft(budget, ips, EVENING)).isTrue();
      spending.add(100, ips, EVENING);
    }

    assertThat(spending.isLeft(budget, List.of(group("2a0b:1:2:99::1")), EVENING)).isFalse();
    assertThat(spending.isLeft(budget, List.of(group("2a0b:1:3::1")), EVENING)).isTrue();
  }

  @Test
  void withoutABudgetThereIsAlwaysSomethingLeft() {
    spending.add(Integer.MAX_VALUE, ONE, EVENING);

    assertThat(spending.isLeft(Budget.NONE, ONE, EVENING)).isTrue();
  }

  @Test
  void aClockThatIsSetBackGivesNothingTwice() {
    var budget = new Budget(0, 100, 0, 0);
    spending.add(100, ONE, NEXT_DAY);

    assertThat(spending.isLeft(budget, ONE, EVENING)).isFalse();
  }

  @Test
  void ofAddressesOnlyTheLastAreRemembered() {
    var budget = new Budget(0, 0, 0, 1);
    spending.add(1, ONE, EVENING);
    for (int i = 0; i < Spending.MAX_IPS; i++) {
      spending.add(1, List.of(new IpGroup(Integer.toHexString(i))), EVENING);
    }

    assertThat(spending.isLeft(budget, ONE, EVENING)).isTrue();
    assertThat(spending.isLeft(budget, List.of(new IpGroup("1")), EVENING)).isFalse();
  }

  @Test
  void whatWasSpentIsKnownAfterARestart() {
    var file = new SpendingFile(directory.resolve("spent.txt"));
    file.write(EVENING, 7, 70);

    assertThat(file.read(EVENING).today(EVENING)).isEqualTo(7);
    assertThat(file.read(NEXT_DAY).today(NEXT_DAY)).isZero();
    assertThat(file.read(NEXT_DAY).thisMonth(NEXT_DAY)).isEqualTo(70);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday\n1\n2\n", "2026-01-30T23:00:00Z\n-1\n2\n"})
  void whatCannotBeReadCountsAsNothing(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("spent.txt"), text);

    assertThat(new SpendingFile(file).read(EVENING).thisMonth(EVENING)).isZero();
  }

  private static IpGroup group(String ip) {
    return IpGroup.of(InetAddress.ofLiteral(ip));
  }
}
