package dev.warren.node.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "*.log     | a.log b/c.log b/.log          | a.logs log b.log/c",
        "build     | build a/build                 | builds a/build/c",
        "build/    | build/ a/build/               | build a/build",
        "/build    | build build/                  | a/build",
        "a/b       | a/b a/b/                      | c/a/b a/bc",
        "a/*       | a/b a/b/                      | a a/ a/b/c b/a/c",
        "a*b/c     | ab/c axb/c                    | a/b/c",
        "**/b      | b a/b a/c/b                   | bb a/bb",
        "a/**      | a/b a/b/c                     | a b/a/c",
        "a/**/b    | a/b a/c/b a/c/d/b             | ab a/cb",
        "**        | a a/b                         | ''",
        "?a        | ba c/ba                       | a bba",
        "é?        | éa é😀                        | é",
        "[a-c]x    | ax cx                         | dx x",
        "[!a-c]x   | dx                            | ax",
        "[^a]x     | bx                            | ax",
        "[]a]x     | ]x ax                         | bx",
        "[a-]x     | -x ax                         | bx",
        "[[:digit:]_]x | 5x _x                     | ax",
        "[[:wrong:]]x | ''                         | ax :x",
        "[a        | ''                            | a [a",
        "\\*       | *                             | a",
        "\\!a      | !a                            | a",
        "\\#a      | #a                            | a",
        "a\\       | ''                            | a a\\",
        "#a        | ''                            | a #a",
        "/         | ''                            | a a/",
      })
  void patternsMeanWhatTheyMeanToGit(String pattern, String ignored, String kept) {
    IgnoreRules rules = IgnoreRules.of(List.of()).within("", pattern);
    for (String path : paths(ignored)) {
      assertThat(ignores(rules, path)).as(path).isTrue();
    }
    for (String path : paths(kept)) {
      assertThat(ignores(rules, path)).as(path).isFalse();
    }
  }

  @Test
  void laterLinesTakeBackWhatEarlierOnesSay() {
    IgnoreRules rules =
        IgnoreRules.of(List.of()).within("", "*.txt\r\n!keep.txt\n\n# comment\nkeep.txt/\n");
    assertThat(ignores(rules, "a.txt")).isTrue();
    assertThat(ignores(rules, "b/keep.txt")).isFalse();
    assertThat(ignores(rules, "b/keep.txt/")).isTrue();
  }

  @Test
  void filesOfDirectoriesCountBeforeThoseAboveAndTheCommandLineBeforeAll() {
    IgnoreRules top = IgnoreRules.of(List.of("*.tmp", "!# x ")).within("", "*.log\n*.bak\n# x \n");
    IgnoreRules below = top.within("a/b", "!*.log\n/c\n!*.tmp\n");
    assertThat(ignores(top, "x.log")).isTrue();
    assertThat(ignores(below, "a/b/x.log")).isFalse();
    assertThat(ignores(below, "a/b/x.bak")).isTrue();
    assertThat(ignores(below, "a/b/c")).isTrue();
    assertThat(ignores(below, "a/b/d/c")).isFalse();
    assertThat(ignores(below, "a/b/x.tmp")).isTrue();
    assertThat(ignores(below, "c")).isFalse();
  }

  @Test
  void spacesAtTheEndAreDroppedUnlessEscapedAndAByteOrderMarkIsNone() {
    IgnoreRules rules = IgnoreRules.of(List.of()).within("", "\ufeffa  \nb\\ \nc d\n");
    assertThat(ignores(rules, "a")).isTrue();
    assertThat(ignores(rules, "b ")).isTrue();
    assertThat(ignores(rules, "b")).isFalse();
    assertThat(ignores(rules, "c d")).isTrue();
  }

  @Test
  @Timeout(20)
  void noPatternTakesLongerThanItsLengthTimesThatOfThePath() {
    String path = "a".repeat(2000) + "/" + "a".repeat(2000);
    for (String part : List.of("*a", "a*", "**/", "*?", "[a]*")) {
      IgnoreRules rules = IgnoreRules.of(List.of("/?" + part.repeat(4000 / part.length()) + "b"));
      for (int i = 0; i < 10; i++) {
        assertThat(rules.ignores(path, false)).isFalse();
      }
    }
  }

  private static List<String> paths(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(" +"));
  }

  /** A slash at the end makes it a directory. */
  private static boolean ignores(IgnoreRules rules, String path) {
    boolean directory = path.endsWith("/");
    return rules.ignores(directory ? path.substring(0, path.length() - 1) : path, directory);
  }
}
