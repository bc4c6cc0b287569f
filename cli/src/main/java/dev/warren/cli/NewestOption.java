package dev.warren.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** The option that says how much of a long list is wanted. */
final class NewestOption {
  @Option(
      names = {"-n", "--newest"},
      paramLabel = "N",
      description = "Show no more than the newest N. Default: ${DEFAULT-VALUE}.")
  private int count = 20;

  int count() {
    return Math.max(0, count);
  }

  /** What of a list is to be shown; says if that is not all. */
  <T> List<T> of(List<T> newestFirst, Console console) {
    int left = newestFirst.size() - count();
    if (left > 0 && !console.json()) {
      console.note("%d older ones are not shown; -n shows more.".formatted(left));
    }
    return newestFirst.stream().limit(count()).toList();
  }
}
