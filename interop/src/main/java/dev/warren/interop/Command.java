package dev.warren.interop;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.warren.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.Optional;

/** One line of a peer's input. */
record Command(JsonObject line) {
  String name() throws IOException {
    return text("cmd");
  }

  String protocol() throws IOException {
    return text("protocol");
  }

  PeerId peer() throws IOException {
    return PeerId.parse(text("peer"));
  }

  String text(String field) throws IOException {
    return value(field).getAsString();
  }

  long number(String field) throws IOException {
    return value(field).getAsLong();
  }

  /** A field that may be left out, or empty. */
  Optional<String> optional(String field) {
    return Optional.ofNullable(line.get(field))
        .map(JsonElement::getAsString)
        .filter(text -> !text.isEmpty());
  }

  private JsonElement value(String field) throws IOException {
    JsonElement value = line.get(field);
    if (value == null || !value.isJsonPrimitive()) {
      throw new IOException("the command has no field " + field);
    }
    return value;
  }
}
