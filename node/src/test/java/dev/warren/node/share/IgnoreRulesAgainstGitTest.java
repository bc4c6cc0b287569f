package dev.warren.node.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same tree and the same rules, asked of git itself. */
class IgnoreRulesAgainstGitTest {
  private static final int ROUNDS = 200;

  private static final List<String> NAMES =
      List.of(
          "a", "b", "ab", "ba", "aab", "a b", "[a]", "*", "!a", "#b", "-", "a\\b", "b ", "A", "7");

  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "a",
          "b",
          "ab",
          "*",
          "*",
          "**",
          "**/",
          "/**",
          "/",
          "/",
          "?",
          "[ab]",
          "[!a]",
          "[^b]",
          "[a-b]",
          "[]a]",
          "[b-]",
          "[[:alpha:]]",
          "[![:digit:]]",
          "[[:lower:]-]",
          "[[]",
          "[:a]",
          "[",
          "]",
          "\\",
          "\\*",
          "\\a",
          "\\ ",
          " ",
          "!",
          "#",
          "\\!",
          "\\#",
          "-",
          "[\\]a]",
          "***",
          "*/",
          "A",
          "7");

  @TempDir Path directory;

  private final Set<String> directories = new TreeSet<>();
  private final Set<String> paths = new TreeSet<>();

  @BeforeEach
  void makeTheTree() throws Exception {
    try {
      run(List.of("git", "init", "-q", "."), "");
    } catch (IOException e) {
      abort("git is not installed: " + e.getMessage());
    }
    for (String top : NAMES) {
      boolean isDirectory = List.of("a", "b", "ab", "[a]").contains(top);
      add(top, isDirectory);
      for (String name : isDirectory ? NAMES : List.<String>of()) {
        boolean isDeeper = List.of("a", "ba").contains(name);
        add(top + "/" + name, isDeeper);
        for (String leaf : isDeeper ? NAMES : List.<String>of()) {
          add(top + "/" + name + "/" + leaf, false);
        }
      }
    }
  }

  private void add(String path, boolean isDirectory) throws IOException {
    paths.add(path);
    if (isDirectory) {
      directories.add(path);
      Files.createDirectories(directory.resolve(path));
    } else {
      Files.createFile(directory.resolve(path));
    }
  }

  @Test
  void theSameIsIgnored() throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < ROUNDS; round++) {
      String top = rules(random);
      String below = rules(random);
      Files.writeString(directory.resolve(".gitignore"), top);
      Files.writeString(directory.resolve("a/.gitignore"), below);
      assertThat(ignored(top, below)).as("rules:\n%s\nin a:\n%s", top, below).isEqualTo(byGit());
    }
  }

  private static String rules(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(3))
        .mapToObj(line -> (random.nextInt(5) == 0 ? "!" : "") + pattern(random))
        .collect(Collectors.joining("\n"));
  }

  private static String pattern(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(5))
        .mapToObj(piece -> PIECES.get(random.nextInt(PIECES.size())))
        .collect(Collectors.joining());
  }

  private Set<String> ignored(String top, String below) {
    IgnoreRules topRules = IgnoreRules.of(List.of()).within("", top);
    IgnoreRules rulesOfA = topRules.within("a", below);
    Set<String> ignored = new TreeSet<>();
    for (String path : paths) {
      int slash = path.lastIndexOf('/');
      IgnoreRules rules = path.startsWith("a/") ? rulesOfA : topRules;
      if ((slash >= 0 && ignored.contains(path.substring(0, slash)))
          || rules.ignores(path, directories.contains(path))) {
        ignored.add(path);
      }
    }
    return ignored;
  }

  private Set<String> byGit() throws Exception {
    String answer =
        run(
            List.of("git", "check-ignore", "--no-index", "--stdin", "-z"),
            String.join("\0", paths) + "\0");
    return Stream.of(answer.split("\0", -1))
        .filter(path -> !path.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String run(List<String> command, String input) throws IOException, InterruptedException {
    Path in = directory.resolve(".git-input");
    Files.writeString(in, input);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(in.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("XDG_CONFIG_HOME", directory.toString());
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // 1 is git's way to say that nothing is ignored.
    assertThat(process.waitFor()).isIn(0, 1);
    return output;
  }
}
