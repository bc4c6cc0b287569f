package dev.warren.protocols.transfer.names;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a symbolic link of a share says: a relative path that, taken as text, stays within the
 * share. That it does so on disk as well takes that no link stands in its way; {@link NameSet} sees
 * to that.
 */
public final class LinkTarget {
  private final String text;
  private final List<String> destination;

  private LinkTarget(String text, List<String> destination) {
    this.text = text;
    this.destination = List.copyOf(destination);
  }

  /**
   * The target of a link. Some {@code ..} may begin it, as many as there are directories above the
   * link; after a name one would mean different things where that name is a link. What says nothing
   * ({@code ./}, doubled and trailing slashes) is left out.
   *
   * @throws HostileNameException if it leads out of the share or its names are not safe, naming the
   *     link
   */
  public static LinkTarget parse(EntryPath link, String target) throws HostileNameException {
    if (target.length() > EntryPath.MAX_BYTES
        || ComponentRules.utf8Length(target) > EntryPath.MAX_BYTES) {
      throw new HostileNameException(link.toString(), "is a link that says too much");
    }
    if (target.isEmpty() || target.startsWith("/")) {
      throw new HostileNameException(link.toString(), "is a link that is not relative");
    }
    List<String> path = link.components();
    List<String> destination = new ArrayList<>(path.subList(0, path.size() - 1));
    List<String> kept = new ArrayList<>();
    boolean descending = false;
    for (String component : target.split("/", -1)) {
      if (component.isEmpty() || component.equals(".")) {
        continue;
      }
      if (!component.equals("..")) {
        descending = true;
        destination.add(component);
      } else if (descending) {
        throw new HostileNameException(link.toString(), "is a link with \"..\" after a name");
      } else if (destination.isEmpty()) {
        throw new HostileNameException(link.toString(), "is a link that leads out of the share");
      } else {
        destination.removeLast();
      }
      kept.add(component);
    }
    checkNames(link, destination);
    return new LinkTarget(kept.isEmpty() ? "." : String.join("/", kept), destination);
  }

  private static void checkNames(EntryPath link, List<String> names) throws HostileNameException {
    if (names.size() > EntryPath.MAX_COMPONENTS) {
      throw new HostileNameException(link.toString(), "is a link that leads too deep");
    }
    for (String name : names) {
      Optional<String> objection = ComponentRules.objection(name);
      if (objection.isPresent()) {
        throw new HostileNameException(
            link.toString(), "is a link whose target " + objection.get());
      }
    }
  }

  /** How long it is as it is sent. */
  public int bytes() {
    return ComponentRules.utf8Length(text);
  }

  /** Where it leads, from the top of the share; empty when that is the top itself. */
  List<String> destination() {
    return destination;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinkTarget that
        && text.equals(that.text)
        && destination.equals(that.destination);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** What the link is to say, with {@code /} between names; never absolute, never empty. */
  @Override
  public String toString() {
    return text;
  }
}
