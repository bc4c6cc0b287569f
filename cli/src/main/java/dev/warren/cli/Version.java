package dev.warren.cli;

import java.util.Objects;

/** Which build this is. */
final class Version {
  private Version() {}

  /** Whether the arguments are those for the version alone, with {@code --json} at most. */
  static boolean isAllThatIsAsked(String[] args) {
    return switch (args.length) {
      case 1 -> isVersionOption(args[0]);
      case 2 ->
          (isVersionOption(args[0]) && args[1].equals("--json"))
              || (args[0].equals("--json") && isVersionOption(args[1]));
      default -> false;
    };
  }

  private static boolean isVersionOption(String arg) {
    return arg.equals("--version") || arg.equals("-V");
  }

  /** The number in the jar's manifest, which classes outside of a jar do not have. */
  static String number() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }

  static String text() {
    return "warren "
        + number()
        + " (Java "
        + Runtime.version()
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + ")";
  }

  static JsonObject json() {
    return JsonObject.event("version")
        .with("version", number())
        .with("java", Runtime.version().toString())
        .with("os", System.getProperty("os.name"))
        .with("arch", System.getProperty("os.arch"));
  }
}
