package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.NodeRecords;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What is common to the commands that change what is known of a peer. */
abstract sealed class PeerChange implements Callable<Integer> {
  @ParentCommand private PeersCommand peers;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PEER",
      description = "Its petname, its id, or the last letters of the id of a known one.")
  private String peer;

  private final Session session;

  private PeerChange(Session session) {
    this.session = session;
  }

  @Override
  public final Integer call() throws IOException, CommandFailure {
    try (NodeRecords records = peers.records()) {
      PeerNames names = PeerNames.in(records);
      change(records, names, names.meant(peer));
    }
    return ExitCode.DONE.number();
  }

  abstract void change(NodeRecords records, PeerNames names, PeerId meant) throws IOException;

  /** Says what was done. */
  final void say(String sentence, JsonObject object) {
    session.console().say(() -> Printable.of(sentence), () -> object);
  }

  final ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private static JsonObject event(String name, PeerId peer) {
    return JsonObject.event(name).with("peer", peer.toString());
  }

  /** Gives a peer a name. */
  @Command(
      name = "name",
      description = {
        "Call a peer by a name of your own.",
        "",
        "The name stands wherever the peer is shown. One that another peer had is taken from that."
      },
      footer = {
        "",
        "Examples:",
        "  warren peers name 12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA kim",
        "  warren peers name qaju5sa 'kim from work'",
        "",
        "With --json, the line is {\"event\":\"named\",\"peer\":…,\"petname\":…}."
      })
  static final class Name extends PeerChange {
    private static final int MAX_CHARACTERS = 64;

    @Parameters(paramLabel = "PETNAME", description = "What to call it.")
    private String petname;

    Name(Session session) {
      super(session);
    }

    @Override
    void change(NodeRecords records, PeerNames names, PeerId meant) throws IOException {
      String name = petname.strip();
      if (name.isEmpty()
          || name.length() > MAX_CHARACTERS
          || !name.equals(Printable.of(name))
          || PeerNames.isId(name)) {
        throw wrong(
            "A petname has 1 to %d characters that can be seen, and is no id."
                .formatted(MAX_CHARACTERS));
      }
      String before =
          names
              .named(name)
              .filter(other -> !other.peer().equals(meant))
              .map(other -> ", and " + other.peer() + " no more")
              .orElse("");
      records.name(meant, name);
      say(
          "'%s' is %s%s.".formatted(name, meant, before),
          event("named", meant).with("petname", name));
    }
  }

  /** Takes the name of a peer away. */
  @Command(
      name = "unname",
      description = "Take back what a peer is called.",
      footer = {
        "",
        "Examples:",
        "  warren peers unname kim",
        "",
        "With --json, the line is {\"event\":\"unnamed\",\"peer\":…}."
      })
  static final class Unname extends PeerChange {
    Unname(Session session) {
      super(session);
    }

    @Override
    void change(NodeRecords records, PeerNames names, PeerId meant) throws IOException {
      records.unname(meant);
      say("%s has no name any more.".formatted(meant), event("unnamed", meant));
    }
  }

  /** Blocks a peer. */
  @Command(
      name = "block",
      description = {
        "Give a peer nothing any more, and receive nothing from it.",
        "",
        "A 'warren share' that runs ends what it gives the peer within a second. A 'warren receive'"
            + " that runs does not connect to it again."
      },
      footer = {
        "",
        "Examples:",
        "  warren peers block kim",
        "  warren peers block 12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
        "",
        "With --json, the line is {\"event\":\"blocked\",\"peer\":…}."
      })
  static final class Block extends PeerChange {
    Block(Session session) {
      super(session);
    }

    @Override
    void change(NodeRecords records, PeerNames names, PeerId meant) throws IOException {
      records.block(meant);
      say("%s is blocked.".formatted(names.inFull(meant)), event("blocked", meant));
    }
  }

  /** Ends a block. */
  @Command(
      name = "unblock",
      description = "Take back a block.",
      footer = {
        "",
        "Examples:",
        "  warren peers unblock kim",
        "",
        "With --json, the line is {\"event\":\"unblocked\",\"peer\":…}."
      })
  static final class Unblock extends PeerChange {
    Unblock(Session session) {
      super(session);
    }

    @Override
    void change(NodeRecords records, PeerNames names, PeerId meant) throws IOException {
      records.unblock(meant);
      say("%s is not blocked.".formatted(names.inFull(meant)), event("unblocked", meant));
    }
  }
}
