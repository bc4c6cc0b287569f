package dev.warren.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuiteOptionsTest {
  private static final Set<String> CASES = Set.of("ping", "echo");

  @Test
  void withoutOptionsEverythingIsRun() {
    SuiteOptions options = parse();

    assertThat(options.implementations()).containsExactlyInAnyOrder(Implementation.values());
    assertThat(options.transports()).containsExactlyInAnyOrder(Transport.values());
    assertThat(options.cases()).isEmpty();
    assertThat(options.quick()).isFalse();
    assertThat(options.document()).isEmpty();
  }

  @Test
  void implementationsAndCasesAddUp() {
    SuiteOptions options =
        parse("--only", "go", "--case", "ping", "--only", "js", "--case", "echo", "--quick");

    assertThat(options.implementations())
        .containsExactlyInAnyOrder(Implementation.GO, Implementation.JS);
    assertThat(options.cases()).containsExactlyInAnyOrder("ping", "echo");
    assertThat(options.quick()).isTrue();
  }

  @Test
  void oneTransportMayBeAskedFor() {
    assertThat(parse("--transport", "quic").transports()).containsExactly(Transport.QUIC);
  }

  @Test
  void aMistypedCaseIsAnErrorAndNotARunOfNothing() {
    assertThatThrownBy(() -> parse("--case", "pong"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pong")
        .hasMessageContaining("ping");
  }

  @Test
  void anUnknownImplementationIsAnError() {
    assertThatThrownBy(() -> parse("--only", "zig"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zig");
  }

  @Test
  void anOptionWithoutItsValueIsAnError() {
    assertThatThrownBy(() -> parse("--only")).hasMessage("--only needs a value");
  }

  @Test
  void theDocumentIsWrittenOnlyOfARunOfEverything() {
    assertThat(parse("--write", "a.md").document()).contains(Path.of("a.md"));
    for (String part : List.of("--quick", "--only go", "--transport tcp", "--case ping")) {
      String[] arguments = ("--write a.md " + part).split(" ", -1);
      assertThatThrownBy(() -> parse(arguments)).hasMessage("--write needs a run of everything");
    }
  }

  private static SuiteOptions parse(String... arguments) {
    return SuiteOptions.parse(List.of(arguments), CASES);
  }
}
