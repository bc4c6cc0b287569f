package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FilesInProgressTest {
  private final FilesInProgress files = new FilesInProgress();

  @Test
  void aFileIsWholeWhenAllOfItIsKnownAndNothingIsEmpty() {
    files.extend(5_000_000, 2, false);
    files.fill(5_000_000);
    files.fill(5_000_000);
    assertThat(files.takeIfWhole(5_000_000)).isFalse();
    files.extend(5_000_000, 1, true);
    assertThat(files.takeIfWhole(5_000_000)).isFalse();
    files.fill(5_000_000);
    assertThat(files.takeIfWhole(5_000_000)).isTrue();
    assertThat(files.takeIfWhole(5_000_000)).isFalse();
    assertThat(files.contains(5_000_000)).isFalse();
  }

  @Test
  void aFileWithoutContentIsWholeAtOnce() {
    files.extend(3, 0, true);
    assertThat(files.contains(3)).isTrue();
    assertThat(files.takeIfWhole(3)).isTrue();
  }

  @Test
  void aPlaceThatIsEmptyAgainHasToBeFilledAgain() {
    files.extend(1, 1, true);
    files.fill(1);
    files.empty(1);
    assertThat(files.takeIfWhole(1)).isFalse();
    files.fill(1);
    assertThat(files.takeIfWhole(1)).isTrue();
  }

  @Test
  void whatHasNotBegunCannotBeEmptied() {
    files.empty(7);
    assertThat(files.contains(7)).isFalse();
    files.extend(7, 4, true);
    files.forget(7);
    assertThat(files.contains(7)).isFalse();
  }
}
