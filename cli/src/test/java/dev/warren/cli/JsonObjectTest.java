package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
  @Test
  void whatAParserReadsIsWhatWasWritten() {
    String text =
        "quote \" backslash \\ line\n\r\ttab nul \0 delete \u007f umlaut ü emoji 🦫 \ud800";
    var parsed =
        JsonParser.parseString(
                JsonObject.event(text)
                    .with(text, text)
                    .with("list", List.of(text, ""))
                    .with("empty", List.of())
                    .with("long", Long.MAX_VALUE)
                    .with("double", 0.25)
                    .with("flag", true)
                    .toString())
            .getAsJsonObject();
    assertThat(parsed.get("event").getAsString()).isEqualTo(text);
    assertThat(parsed.get(text).getAsString()).isEqualTo(text);
    assertThat(parsed.getAsJsonArray("list").get(0).getAsString()).isEqualTo(text);
    assertThat(parsed.getAsJsonArray("empty")).isEmpty();
    assertThat(parsed.get("long").getAsLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(parsed.get("double").getAsDouble()).isEqualTo(0.25);
    assertThat(parsed.get("flag").getAsBoolean()).isTrue();
  }

  @Test
  void anObjectIsOneLineOfPlainAscii() {
    String line = JsonObject.event("a\nb").with("ü", "🦫\u2028\u001b[2J").toString();
    assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
  }

  @Test
  void whatIsNotFiniteIsNull() {
    assertThat(JsonObject.event("x").with("rate", Double.NaN).toString())
        .isEqualTo("{\"event\":\"x\",\"rate\":null}");
  }
}
