package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.ReceiveWindow.INITIAL_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.transport.MemoryBudget;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
  private static final int MAX = 16 << 20;
  private static final long ROUND_TRIP = 1_000_000;

  private final ReceiveWindow window = new ReceiveWindow(0);
  private final MemoryBudget unlimited = MemoryBudget.unlimited();

  @Test
  void givesCreditWhenHalfHasBeenRead() throws YamuxViolationException {
    window.receive(INITIAL_BYTES);

    window.consume(INITIAL_BYTES / 2 - 1);
    assertThat(window.isUpdateDue()).isFalse();
    assertThat(window.takeUpdate(0, 0, MAX, unlimited)).isZero();
    window.consume(1);
    assertThat(window.isUpdateDue()).isTrue();
    assertThat(window.takeUpdate(0, 0, MAX, unlimited)).isEqualTo(INITIAL_BYTES / 2);
    assertThat(window.takeUpdate(0, 0, MAX, unlimited)).isZero();
  }

  @Test
  void refusesTheFirstByteTooMany() throws YamuxViolationException {
    window.receive(INITIAL_BYTES - 1);
    window.receive(1);

    assertThatThrownBy(() -> window.receive(1)).isInstanceOf(YamuxViolationException.class);
  }

  @Test
  void refusesALengthOf4GiBWithoutChange() throws YamuxViolationException {
    assertThatThrownBy(() -> window.receive(FrameHeader.MAX_LENGTH))
        .isInstanceOf(YamuxViolationException.class);

    window.receive(INITIAL_BYTES);
  }

  @Test
  void doublesWhenHalfAWindowIsReadInLessThanFourRoundTrips() throws YamuxViolationException {
    assertThat(pass(4 * ROUND_TRIP - 1, MAX, unlimited)).isEqualTo(INITIAL_BYTES * 3 / 2);
    assertThat(window.limit()).isEqualTo(2 * INITIAL_BYTES);
  }

  @Test
  void staysWhenTheReaderOrThePathIsSlower() throws YamuxViolationException {
    assertThat(pass(4 * ROUND_TRIP, MAX, unlimited)).isEqualTo(INITIAL_BYTES / 2);
    assertThat(window.limit()).isEqualTo(INITIAL_BYTES);
  }

  @Test
  void staysWhileTheRoundTripIsNotKnown() throws YamuxViolationException {
    window.receive(INITIAL_BYTES / 2);
    window.consume(INITIAL_BYTES / 2);
    window.takeUpdate(0, 0, MAX, unlimited);

    assertThat(window.limit()).isEqualTo(INITIAL_BYTES);
  }

  @Test
  void growsToTheMaximumAndNotBeyond() throws YamuxViolationException {
    for (int i = 0; i < 10; i++) {
      window.receive(window.limit() / 2);
      window.consume(window.limit() / 2);
      window.takeUpdate(i, ROUND_TRIP, 5 * INITIAL_BYTES, unlimited);
    }

    assertThat(window.limit()).isEqualTo(5 * INITIAL_BYTES);
  }

  @Test
  void staysWhenTheBudgetSaysNo() throws YamuxViolationException {
    ConnectionShare spent = new ConnectionShare(INITIAL_BYTES - 1, unlimited);

    assertThat(pass(0, MAX, spent)).isEqualTo(INITIAL_BYTES / 2);
    assertThat(spent.reserve(INITIAL_BYTES - 1)).isTrue();
  }

  @Test
  void givesBackToTheBudgetOnce() throws YamuxViolationException {
    ConnectionShare growth = new ConnectionShare(INITIAL_BYTES, unlimited);
    pass(0, MAX, growth);
    assertThat(growth.reserve(1)).isFalse();

    window.release(growth);
    window.release(growth);

    assertThat(growth.reserve(INITIAL_BYTES)).isTrue();
    assertThat(growth.reserve(1)).isFalse();
  }

  /**
   * What is allowed, buffered and read always adds up to the limit, so nothing leaks or doubles.
   */
  @Property
  void neverAllowsMoreThanItsLimitAhead(
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 300_000) Integer> steps)
      throws YamuxViolationException {
    ReceiveWindow checked = new ReceiveWindow(0);
    long allowed = INITIAL_BYTES;
    long buffered = 0;
    long now = 0;
    for (int step : steps) {
      now += step * 20L;
      if (step % 2 == 0) {
        int n = (int) Math.min(step, allowed);
        checked.receive(n);
        allowed -= n;
        buffered += n;
      } else {
        int n = (int) Math.min(step, buffered);
        buffered -= n;
        checked.consume(n);
        if (checked.isUpdateDue()) {
          allowed += checked.takeUpdate(now, ROUND_TRIP, 1 << 20, unlimited);
        }
      }
      assertThat(allowed + buffered).isLessThanOrEqualTo(checked.limit());
      assertThat(allowed + buffered).isGreaterThan(checked.limit() / 2);
    }
  }

  private int pass(long nanos, int max, MemoryBudget budget) throws YamuxViolationException {
    window.receive(INITIAL_BYTES / 2);
    window.consume(INITIAL_BYTES / 2);
    return window.takeUpdate(nanos, ROUND_TRIP, max, budget);
  }
}
