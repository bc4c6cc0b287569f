package dev.warren.protocols.transfer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocols.transfer.content.BoxSealer;
import dev.warren.protocols.transfer.session.HandTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BoxPlaceTest {
  private final Semaphore places = new Semaphore(1, true);
  private final HandTime time = new HandTime();
  private final BoxPlace place = new BoxPlace(places, time);

  @Test
  void aPlaceIsKeptForAWhile() throws Exception {
    byte[] array = place.take();
    assertThat(array).hasSize(BoxSealer.BYTES);
    place.rest(array);

    assertThat(place.take()).isSameAs(array);
    place.rest(array);
    assertThat(places.availablePermits()).isZero();
    assertThat(time.planned()).isEqualTo(1);
    time.pass(BoxPlace.REST);

    assertThat(places.availablePermits()).isEqualTo(1);
    assertThat(place.take()).isNotSameAs(array);
    assertThat(places.availablePermits()).isZero();
  }

  @Test
  void aPlaceThatAnotherWaitsForIsGivenUpAtOnce() throws Exception {
    byte[] array = place.take();
    var other = new BoxPlace(places, time);
    CompletableFuture<byte[]> waiting = CompletableFuture.supplyAsync(other::take);
    while (!places.hasQueuedThreads()) {
      Thread.onSpinWait();
    }
    place.rest(array);

    assertThat(waiting.get()).isNotSameAs(array);
  }

  @Test
  void aStreamThatEndsGivesItsPlaceUpWhereverItIs() {
    place.close();
    assertThat(places.availablePermits()).isEqualTo(1);

    var busy = new BoxPlace(places, time);
    busy.take();
    busy.close();
    assertThat(places.availablePermits()).isEqualTo(1);

    var idle = new BoxPlace(places, time);
    idle.rest(idle.take());
    idle.close();
    assertThat(places.availablePermits()).isEqualTo(1);
    assertThat(time.planned()).isZero();
  }
}
