package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.Table.Cell;
import dev.warren.cli.Table.Column;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
  @Test
  void columnsAreAsNarrowAsTheirContent() {
    assertThat(table("mods", "/home/kim/mods").lines(80))
        .containsExactly("NAME  SIZE  PATH", "mods    12  /home/kim/mods");
  }

  @Test
  void namesLoseTheirEndsAndPathsTheirBeginnings() {
    assertThat(table("a-name-that-is-rather-long", "/home/kim/games/mods").lines(34))
        .containsExactly("NAME           SIZE  PATH", "a-name-that-…    12  …m/games/mods");
  }

  @Test
  void whatMustStayWholeStaysSo() {
    assertThat(table("a-name-that-is-rather-long", "/home/kim/games/mods").lines(10))
        .containsExactly("NAME        SIZE  PATH", "a-name-th…    12  …ames/mods");
  }

  @Test
  void whatTakesTwoColumnsCountsAsTwo() {
    assertThat(table("地図の一覧表です", "é").lines(28))
        .containsExactly("NAME              SIZE  PATH", "地図の一覧表です    12  é");
    assertThat(table("地図の一覧表です", "é").lines(27))
        .containsExactly("NAME             SIZE  PATH", "地図の一覧表で…    12  é");
  }

  @ParameterizedTest
  @CsvSource({"abc,3", "'',0", "e\u0301,1", "한국,4", "🦫,2", "ｱｲ,2", "ＡＢ,4", "☃,1"})
  void widthIsWhatATerminalMakesOfIt(String text, int columns) {
    assertThat(TextWidth.of(text)).isEqualTo(columns);
  }

  @Property
  void whatIsCutIsNeverTooWide(
      @ForAll String text, @ForAll @IntRange(min = 1, max = 30) int width) {
    assertThat(TextWidth.of(TextWidth.head(text, width))).isLessThanOrEqualTo(width);
    assertThat(TextWidth.of(TextWidth.tail(text, width))).isLessThanOrEqualTo(width);
  }

  private static Table table(String name, String path) {
    var table =
        new Table(
            new Column("NAME", Cell.HEAD),
            new Column("SIZE", Cell.NUMBER),
            new Column("PATH", Cell.TAIL));
    table.add(name, "12", path);
    return table;
  }
}
