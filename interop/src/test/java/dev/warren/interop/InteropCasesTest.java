package dev.warren.interop;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Two peers of ours go through the cases, so that the suite itself is tested without the others.
 */
class InteropCasesTest {
  private static final Sizes TINY = new Sizes(1 << 20, 50, 1 << 16, 1 << 20, 3_000, 1 << 20, 50, 5);

  private static final MeetingRoom ROOM =
      new MeetingRoom(new Column(Implementation.WARREN, Direction.WE_DIAL));

  @AfterAll
  static void endPeers() {
    ROOM.close();
  }

  @TestFactory
  Stream<DynamicTest> twoOfOurPeersPass() {
    return InteropCases.all(TINY).stream()
        .filter(each -> each.ourOptions().isEmpty() && each.theirOptions().isEmpty())
        .map(each -> dynamicTest(each.name(), () -> each.body().run(ROOM.meeting(each))));
  }
}
