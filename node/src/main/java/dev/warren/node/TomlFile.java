package dev.warren.node;

import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/** Settings in TOML, of which each is known. A mistake is reported with its line. */
public final class TomlFile {
  private final String name;
  private final TomlParseResult toml;

  private TomlFile(String name, TomlParseResult toml) {
    this.name = name;
    this.toml = toml;
  }

  /**
   * Reads settings.
   *
   * @param name where the text is from, for people
   */
  public static TomlFile parse(String name, String text, Set<String> keys) throws IOException {
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      var first = toml.errors().getFirst();
      throw new IOException(
          "%s, line %d: %s".formatted(name, first.position().line(), first.getMessage()));
    }
    var file = new TomlFile(name, toml);
    for (String key : toml.dottedKeySet()) {
      if (!keys.contains(key)) {
        throw file.wrong(key, "there is no setting '%s'".formatted(key));
      }
    }
    return file;
  }

  /** Whether there is such a setting. */
  public boolean has(String key) {
    return toml.contains(key);
  }

  /** One of the values that a setting has. */
  @FunctionalInterface
  interface Value<T> {
    T of(TomlParseResult toml);
  }

  /** What a setting says; a value of another kind is a mistake. */
  <T> T get(Value<T> value) throws IOException {
    try {
      return value.of(toml);
    } catch (TomlInvalidTypeException e) {
      throw new IOException("%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** A text, or this if there is no such setting. */
  public String text(String key, String otherwise) throws IOException {
    return get(settings -> settings.getString(key, () -> otherwise));
  }

  /** A whole number within bounds, or this if there is no such setting. */
  public long number(String key, long least, long most, long otherwise) throws IOException {
    long value = get(settings -> settings.getLong(key, () -> otherwise));
    if (value < least || value > most) {
      throw wrong(key, "'%s' has to be between %d and %d".formatted(key, least, most));
    }
    return value;
  }

  /** A whole number of 1 at least. */
  long positive(String key) throws IOException {
    long value = get(settings -> settings.getLong(key, () -> 0));
    if (value < 1) {
      throw wrong(key, "'%s' has to be 1 at least".formatted(key));
    }
    return value;
  }

  /** A list of texts; empty if there is no such setting. */
  public List<String> texts(String key) throws IOException {
    TomlArray array = get(settings -> settings.getArrayOrEmpty(key));
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (!(array.get(i) instanceof String text)) {
        throw wrong(key, "'%s' is a list of texts in quotes".formatted(key));
      }
      texts.add(text);
    }
    return texts;
  }

  /** A list of addresses; empty if there is no such setting. */
  public List<Multiaddr> addresses(String key) throws IOException {
    List<Multiaddr> addresses = new ArrayList<>();
    for (String text : texts(key)) {
      try {
        addresses.add(Multiaddr.parse(text));
      } catch (MalformedException e) {
        throw wrong(key, "'%s' is no address: %s".formatted(text, e.getMessage()));
      }
    }
    return addresses;
  }

  /** What is wrong with a setting. */
  public IOException wrong(String key, String what) {
    TomlPosition position = toml.inputPositionOf(key);
    return new IOException(
        "%s, line %d: %s".formatted(name, position == null ? 1 : position.line(), what));
  }
}
