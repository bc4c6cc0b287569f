package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QrCodeTest {
  private static final int QUIET_ZONE = 4;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsDrawnCanBeRead(boolean coloured) throws Exception {
    String text = FakeNode.TICKET.toQrText();
    List<String> lines = QrCode.of(text, coloured).lines().toList();
    if (coloured) {
      assertThat(lines)
          .allSatisfy(line -> assertThat(line).startsWith("\u001b[").endsWith("\u001b[m"));
      lines = lines.stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")).toList();
    }
    assertThat(new Decoder().decode(modules(lines, coloured)).getText()).isEqualTo(text);
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }

  /** What is within the quiet zone, which has to be light. */
  private static BitMatrix modules(List<String> lines, boolean darkIsDrawn) {
    int width = lines.getFirst().length();
    var modules = new BitMatrix(width - 2 * QUIET_ZONE);
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < width; x++) {
        char drawn = lines.get(y / 2).charAt(x);
        boolean here = drawn == '█' || drawn == (y % 2 == 0 ? '▀' : '▄');
        boolean within = Math.min(x, y) >= QUIET_ZONE && Math.max(x, y) < width - QUIET_ZONE;
        if (within && here == darkIsDrawn) {
          modules.set(x - QUIET_ZONE, y - QUIET_ZONE);
        } else if (!within) {
          assertThat(here).isNotEqualTo(darkIsDrawn);
        }
      }
    }
    return modules;
  }
}
