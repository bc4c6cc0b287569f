package dev.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MarkdownTableTest {

  @Test
  void alignsNamesLeftAndFiguresRight() {
    assertThat(new MarkdownTable("name", "n").row("a", "100").row("long name", "2"))
        .hasToString(
            """
            | name      |   n |
            |-----------|----:|
            | a         | 100 |
            | long name |   2 |
            """);
  }
}
