package dev.warren.bench.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.bench.dht.Operations.Outcome;
import dev.warren.libp2p.dht.provide.Sweep;
import dev.warren.libp2p.dht.routing.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class DhtSimulationTest {
  private final World world = new World(50, 1);
  private final Operations operations = new Operations(world);
  private final List<Outcome> outcomes = new ArrayList<>();

  @Test
  void whatIsProvidedIsFoundAlthoughAThirdIsGone() {
    world.populate(300);
    world.nodes.subList(0, 90).forEach(node -> node.alive = false);
    for (int i = 0; i < 20; i++) {
      Key record = world.newTarget().key();
      operations.provide(world.anyMember(), record, outcomes::add);
      world.time.runOut();
      operations.find(world.anyMember(), record, outcomes::add);
      world.time.runOut();
    }
    assertThat(outcomes).hasSize(40).allMatch(outcome -> outcome.holders() > 0);
  }

  @Test
  void theSameSeedGivesTheSame() {
    var again = new World(50, 1);
    for (World each : List.of(world, again)) {
      each.populate(100);
      new Operations(each).find(each.anyMember(), each.newTarget().key(), outcomes::add);
      each.time.runOut();
    }
    assertThat(outcomes.get(0)).isEqualTo(outcomes.get(1));
    assertThat(world.messages).isEqualTo(again.messages).isPositive();
  }

  @Test
  void whoComesBecomesAMember() {
    world.populate(100);
    var before = new ArrayList<>(world.nodes);
    new Churn(world, 20).start();
    world.time.runUntil(20 * VirtualTime.MINUTES);
    assertThat(world.nodes).hasSize(100);
    List<Node> newcomers = world.nodes.stream().filter(node -> !before.contains(node)).toList();
    assertThat(newcomers).hasSizeBetween(25, 75);
    assertThat(newcomers.stream().filter(node -> node.table.size() >= Node.K).count())
        .isGreaterThan(newcomers.size() / 2);
  }

  @Test
  void aSweepTellsTwentyPeersOfEachKey() {
    world.populate(200);
    var sweep = new Sweep(Duration.ofHours(22), Node.K, 0);
    for (int i = 0; i < 50; i++) {
      sweep.add(world.newTarget());
    }
    var cost = new SweepCost(world, world.anyMember());
    for (int done = 0; done < 50; ) {
      Sweep.Batch batch = sweep.next(0, OptionalDouble.of(200));
      cost.take(batch);
      sweep.done(batch);
      done += batch.keys().size();
    }
    assertThat(cost.toString()).startsWith("4 regions").endsWith("that carry 1,000 records.");
  }
}
