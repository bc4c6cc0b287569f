package dev.warren.protocols.transfer.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class NamesFuzzTest {
  @FuzzTest
  void pathsAreSafeOrRefused(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    try {
      EntryPathTest.assertSafe(EntryPath.parse(text), text);
    } catch (HostileNameException e) {
      assertPrintable(e);
    }
  }

  @FuzzTest
  void linksStayWithinTheShareOrAreRefused(FuzzedDataProvider data) {
    try {
      EntryPath link = EntryPath.parse(data.consumeString(64));
      LinkTarget target = LinkTarget.parse(link, data.consumeRemainingAsString());
      assertThat(LinkTarget.parse(link, target.toString())).isEqualTo(target);
      if (!target.destination().isEmpty()) {
        EntryPath.parse(String.join("/", target.destination()));
      }
    } catch (HostileNameException e) {
      assertPrintable(e);
    }
  }

  private static void assertPrintable(HostileNameException e) {
    assertThat(e.getMessage()).matches("\\P{Cntrl}*").hasSizeLessThan(1400);
  }
}
