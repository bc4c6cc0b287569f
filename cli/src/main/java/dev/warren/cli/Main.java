package dev.warren.cli;

/** Where the process begins. Apart from the commands, so that it can do without loading them. */
final class Main {
  private Main() {}

  /** Runs one command line. */
  public static void main(String[] args) {
    if (Version.isAllThatIsAsked(args)) {
      // Before the rest is loaded: scripts ask this often, and it is the first thing people try.
      System.out.println(args.length == 1 ? Version.text() : Version.json());
      return;
    }
    Session session = Session.ofProcess();
    int exitCode = Warren.run(session, args);
    session.console().endStatus();
    session.interruption().finish();
    // Blocks for ever when the JVM is ending already, which has the JVM's own exit code stand.
    System.exit(exitCode);
  }
}
