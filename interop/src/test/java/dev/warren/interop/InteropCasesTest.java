package dev.warren.interop;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Two peers of ours go through the cases, so that the suite itself is tested without the others.
 */
class InteropCasesTest {
  private static final Sizes TINY = new Sizes(1 << 20, 50, 1 << 16, 1 << 20, 3_000, 1 << 20, 50, 5);

  private static final Map<Transport, MeetingRoom> ROOMS =
      new EnumMap<>(
          Arrays.stream(Transport.values())
              .collect(Collectors.toMap(Function.identity(), InteropCasesTest::room)));

  private static MeetingRoom room(Transport transport) {
    return new MeetingRoom(transport, new Column(Implementation.WARREN, Direction.WE_DIAL));
  }

  @AfterAll
  static void endPeers() {
    ROOMS.values().forEach(MeetingRoom::close);
  }

  @TestFactory
  Stream<DynamicTest> twoOfOurPeersPass() {
    return InteropCases.all(TINY).stream()
        .filter(each -> each.ourOptions().isEmpty() && each.theirOptions().isEmpty())
        .flatMap(
            each ->
                each.transports().stream()
                    .map(
                        transport ->
                            dynamicTest(
                                each.name() + " over " + transport.label(),
                                () -> each.body().run(ROOMS.get(transport).meeting(each)))));
  }
}
