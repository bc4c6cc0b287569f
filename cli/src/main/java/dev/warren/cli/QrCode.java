package dev.warren.cli;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/** Draws a QR code with two modules in each character, one above the other. */
final class QrCode {
  /** ISO/IEC 18004 §5.3.8: as wide as this all around. */
  private static final int QUIET_ZONE = 4;

  /** Black on white, whatever colours the terminal has and calls so: ones of the fixed palette. */
  private static final String BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";

  private static final String AS_BEFORE = "\u001b[m";

  private QrCode() {}

  /**
   * Draws a text, in lines that all end.
   *
   * @param coloured whether it is drawn in colours of its own; without, light modules are drawn,
   *     which is right on a dark ground, and many a reader can do with on a light one
   */
  static String of(String text, boolean coloured) {
    ByteMatrix modules;
    try {
      modules = Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix();
    } catch (WriterException e) {
      throw new IllegalArgumentException("too long for a QR code: " + text.length(), e);
    }
    var drawn = new StringBuilder();
    int end = modules.getWidth() + QUIET_ZONE;
    for (int y = -QUIET_ZONE; y < end; y += 2) {
      drawn.append(coloured ? BLACK_ON_WHITE : "");
      for (int x = -QUIET_ZONE; x < end; x++) {
        boolean upper = isDark(modules, x, y) == coloured;
        boolean lower = isDark(modules, x, y + 1) == coloured;
        drawn.append(upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ');
      }
      drawn.append(coloured ? AS_BEFORE : "").append('\n');
    }
    return drawn.toString();
  }

  private static boolean isDark(ByteMatrix modules, int x, int y) {
    int width = modules.getWidth();
    return x >= 0 && y >= 0 && x < width && y < width && modules.get(x, y) != 0;
  }
}
