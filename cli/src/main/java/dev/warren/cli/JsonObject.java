package dev.warren.cli;

import java.util.Collection;

/**
 * One JSON object on one line, built field by field.
 *
 * <p>Written here because writing is all that is needed: a library would take longer to load than
 * most commands take to run.
 */
final class JsonObject {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder text = new StringBuilder("{");

  /** An object that says what happened in its first field. */
  static JsonObject event(String name) {
    return new JsonObject().with("event", name);
  }

  JsonObject with(String name, String value) {
    return field(name).string(value);
  }

  JsonObject with(String name, long value) {
    field(name).text.append(value);
    return this;
  }

  /** JSON has no word for what is not finite; that becomes {@code null}. */
  JsonObject with(String name, double value) {
    field(name).text.append(Double.isFinite(value) ? Double.toString(value) : "null");
    return this;
  }

  JsonObject with(String name, boolean value) {
    field(name).text.append(value);
    return this;
  }

  JsonObject with(String name, Collection<String> values) {
    field(name).text.append('[');
    boolean first = true;
    for (String value : values) {
      if (!first) {
        text.append(',');
      }
      first = false;
      string(value);
    }
    text.append(']');
    return this;
  }

  private JsonObject field(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    string(name).text.append(':');
    return this;
  }

  /** RFC 8259 §7; everything beyond ASCII is escaped, so that no terminal's encoding matters. */
  private JsonObject string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c >= ' ' && c < 0x7f) {
            text.append(c);
          } else {
            text.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              text.append(HEX.charAt((c >> shift) & 0xf));
            }
          }
        }
      }
    }
    text.append('"');
    return this;
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
