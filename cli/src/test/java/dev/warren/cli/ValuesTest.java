package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What people type, as values. */
class ValuesTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "4096,4096",
    "10B,10",
    "1k,1024",
    "1KiB,1024",
    "1kb,1000",
    "64 KiB,65536",
    "1.5MiB,1572864",
    "500MB,500000000",
    "2G,2147483648",
    "1TiB,1099511627776"
  })
  void sizesTakeTheUnitsOfBothWorlds(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1e9", "GiB", "1GiBB", "9999999999TiB", "0x10"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1610612736,1.5 GiB"})
  void sizesAreShownInTheLargestUnit(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1000",
    "0.2,200",
    "500ms,500",
    "2s,2000",
    "1m,60000",
    "2h,7200000",
    "7d,604800000",
    "0,0"
  })
  void timesAreSecondsUnlessTheySay(String text, long millis) {
    assertThat(Converters.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "1h1", "1 2", "999999999d"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> Converters.duration(text)).isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({"ping,ping,0", "pnig,ping,1", "pin,ping,1", "pings,ping,1", "pong,ping,1", ",id,2"})
  void slipsOfTheFingerAreCounted(String typed, String meant, int slips) {
    assertThat(Similar.distance(typed == null ? "" : typed, meant)).isEqualTo(slips);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 s",
    "99,99 s",
    "100,1 min",
    "5999,99 min",
    "6000,2 h",
    "7199,2 h",
    "170999,47 h",
    "172800,2 d",
    "8640000,100 d"
  })
  void agesAreAsRoughAsTheyAreLong(long seconds, String age) {
    Instant then = Instant.EPOCH.plusSeconds(seconds);
    assertThat(Ages.between(Instant.EPOCH, then)).isEqualTo(age);
    assertThat(Ages.between(then, Instant.EPOCH)).isEqualTo(age);
  }

  @Test
  void wordsThatAreFarAwayAreNotSuggested() {
    assertThat(Similar.to("download", List.of("ping", "perf", "id"))).isEmpty();
  }

  @Test
  void lossIsCountedAmongWhatWasSent() {
    var statistics = new PingStatistics();
    statistics.answered(Duration.ofMillis(2));
    statistics.lost();
    statistics.answered(Duration.ofMillis(4));
    statistics.lost();
    assertThat(statistics.text("peer"))
        .isEqualTo(
            "--- peer\n4 sent, 2 answered, 50% lost\n"
                + "round trip min/avg/max = 2.000/3.000/4.000 ms");
  }
}
