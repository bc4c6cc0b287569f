package dev.warren.sharecodes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;

/** A file of vectors beside a test. */
public final class Vectors {
  private final Properties values = new Properties();

  public Vectors(Class<?> beside, String file) {
    try (InputStream in = beside.getResourceAsStream(file)) {
      values.load(Objects.requireNonNull(in, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String text(String name) {
    return Objects.requireNonNull(values.getProperty(name), name);
  }

  public byte[] bytes(String name) {
    return HexFormat.of().parseHex(text(name));
  }
}
