package dev.warren.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InteropCaseTest {
  private static final InteropCase SOME = InteropCase.of("some", "something", _ -> {});

  @Test
  void whoDialsGetsTheOptionsOfTheDialer() {
    InteropCase some =
        SOME.withUs("--ours", "1")
            .withThem("--theirs", "1")
            .withDialer("--dialer", "1")
            .withListener("--listener", "1");
    assertThat(some.ourOptions(Direction.WE_DIAL)).containsExactly("--ours", "1", "--dialer", "1");
    assertThat(some.theirOptions(Direction.WE_DIAL))
        .containsExactly("--theirs", "1", "--listener", "1");
    assertThat(some.ourOptions(Direction.THEY_DIAL))
        .containsExactly("--ours", "1", "--listener", "1");
    assertThat(some.theirOptions(Direction.THEY_DIAL))
        .containsExactly("--theirs", "1", "--dialer", "1");
  }

  @Test
  void anImplementationCanBeExemptInOneDirectionOrBoth() {
    var rustDials = new Column(Implementation.RUST, Direction.THEY_DIAL);
    assertThat(SOME.without(Implementation.JS, "one").without(rustDials, "other").exempt())
        .containsOnly(
            Map.entry(new Column(Implementation.JS, Direction.WE_DIAL), "one"),
            Map.entry(new Column(Implementation.JS, Direction.THEY_DIAL), "one"),
            Map.entry(rustDials, "other"));
  }
}
