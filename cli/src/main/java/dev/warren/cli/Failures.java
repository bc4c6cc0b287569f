package dev.warren.cli;

import dev.warren.libp2p.dht.NoPeersException;
import dev.warren.libp2p.host.DialException;
import dev.warren.libp2p.host.LimitExceededException;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.negotiate.NegotiationException;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.SecureChannelException;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.StreamResetException;
import dev.warren.node.BegunOtherwiseException;
import dev.warren.node.CancelledException;
import dev.warren.node.CorruptShareException;
import dev.warren.node.NoRoomException;
import dev.warren.node.NotAllowedException;
import dev.warren.node.NotFoundException;
import dev.warren.node.ReceiveException;
import dev.warren.protocols.transfer.names.HostileNameException;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the failures of the stack mean to the person at the keyboard. */
final class Failures {
  private static final String SEE_DETAILS = "Run it again with -v to see where that came from.";
  private static final String TRY_AGAIN = "Try again; -v shows more.";

  private Failures() {}

  static CommandFailure explain(Throwable failure) {
    return switch (failure) {
      case CommandFailure known -> known;
      case ReceiveException receive -> explainReceive(receive);
      case DialException dial -> explainDial(dial);
      case HandshakeException handshake -> explainHandshake(handshake);
      case SecureChannelException channel ->
          new CommandFailure(
              ExitCode.CORRUPT,
              "The connection was tampered with or damaged: " + sentence(channel),
              TRY_AGAIN,
              channel);
      case NegotiationException negotiation ->
          new CommandFailure(
              negotiation.reason() == NegotiationException.Reason.NOT_SUPPORTED
                  ? ExitCode.REFUSED
                  : ExitCode.FAILED,
              "The peer does not serve this: " + sentence(negotiation),
              "Ask the peer's owner to allow it, or try another peer.",
              negotiation);
      case SocketTimeoutException timeout ->
          new CommandFailure(
              ExitCode.UNREACHABLE, "The peer did not answer in time.", TRY_AGAIN, timeout);
      case NoPeersException nobody ->
          new CommandFailure(
              ExitCode.UNREACHABLE,
              capitalized(sentence(nobody)),
              "Name a node of the network with --bootstrap, or another network with --network.",
              nobody);
      case ConnectionClosedException closed ->
          new CommandFailure(
              ExitCode.FAILED, "The connection ended: " + sentence(closed), TRY_AGAIN, closed);
      case StreamResetException reset ->
          new CommandFailure(
              ExitCode.FAILED, "The peer broke off: " + sentence(reset), TRY_AGAIN, reset);
      case LimitExceededException limit ->
          new CommandFailure(
              ExitCode.FAILED, capitalized(sentence(limit)), "Ask for less at a time.", limit);
      case BindException bind ->
          new CommandFailure(
              ExitCode.FAILED,
              capitalized(sentence(bind)),
              "Choose another address with --listen; port 0 picks one that is free.",
              bind);
      case FileSystemException file -> explainFile(file);
      case HostileNameException name ->
          new CommandFailure(
              ExitCode.FAILED, capitalized(sentence(name)), "Rename it, or leave it out.", name);
      case MalformedException malformed ->
          new CommandFailure(
              ExitCode.FAILED, capitalized(sentence(malformed)), SEE_DETAILS, malformed);
      case IOException io ->
          new CommandFailure(ExitCode.FAILED, capitalized(sentence(io)), SEE_DETAILS, io);
      default ->
          new CommandFailure(
              ExitCode.FAILED,
              "This is a fault of warren itself: " + sentence(failure),
              "Please report it with what '-v' shows.",
              failure);
    };
  }

  private static CommandFailure explainReceive(ReceiveException receive) {
    String sentence = capitalized(sentence(receive));
    return switch (receive) {
      case NotFoundException notFound ->
          new CommandFailure(
              ExitCode.UNREACHABLE,
              notFound.ways().isEmpty()
                  ? sentence
                  : sentence + " Looked on: " + ReceiveDisplay.text(notFound.ways()) + ".",
              notFound.ways().isEmpty()
                  ? "Receive the same again when somebody has it; it goes on from what is here."
                  : "Check that the other one still shares, and on the same network; a ticket"
                      + " ('share --ticket') or --peer says where to look.",
              receive);
      case NotAllowedException notAllowed ->
          new CommandFailure(ExitCode.REFUSED, sentence, nextStep(notAllowed.reason()), receive);
      case CorruptShareException _ ->
          new CommandFailure(
              ExitCode.CORRUPT, sentence, "Tell the one who shares; do not use it.", receive);
      case NoRoomException _ ->
          new CommandFailure(
              ExitCode.FAILED,
              sentence,
              "Make room and receive the same again, which goes on from what is here; or choose"
                  + " another disk with -o.",
              receive);
      case BegunOtherwiseException begun ->
          new CommandFailure(
              ExitCode.USAGE,
              "What is here of it was begun %s --%s."
                  .formatted(
                      begun.only().isEmpty()
                          ? "without --only and with"
                          : "with --only '%s' and"
                              .formatted(String.join("' --only '", begun.only())),
                      begun.conflicts().name().toLowerCase(Locale.ROOT)),
              "Receive it with the same, or into another folder with -o.",
              receive);
      case CancelledException _ ->
          new CommandFailure(ExitCode.INTERRUPTED, sentence, TRY_AGAIN, receive);
    };
  }

  private static String nextStep(NotAllowedException.Reason reason) {
    return switch (reason) {
      case WRONG_WORDS ->
          "Compare the code with what the one who shares sees: after five wrong tries it is void.";
      case ANOTHER_PEER -> "Ask the one who shares for a new ticket: the address is another's now.";
      case BURNT, EXPIRED, EXHAUSTED, UNKNOWN ->
          "Ask the one who shares to share it again, and for the new code.";
      case NOT_APPROVED -> "Ask the one who shares to say yes, and receive it again.";
      case BLOCKED_HERE -> "'warren peers unblock' with that id lets it be received.";
      case BLOCKED -> "Only the one who shares can change that.";
      case BUSY -> "Try again in a minute.";
    };
  }

  /** What stopped the most promising attempt says most; a wrong peer more than a dead address. */
  private static CommandFailure explainDial(DialException dial) {
    for (DialException.Attempt attempt : dial.attempts()) {
      if (attempt.cause() instanceof HandshakeException handshake
          && exitOf(handshake) != ExitCode.UNREACHABLE) {
        return explainHandshake(handshake);
      }
    }
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        unreached(dial.attempts()),
        "Check the address, that the peer is running, and that its port is open to you.",
        dial);
  }

  private static String unreached(List<DialException.Attempt> attempts) {
    return switch (attempts.size()) {
      case 0 -> "Cannot reach the peer: no address of it is known.";
      case 1 ->
          "Cannot reach %s: %s"
              .formatted(attempts.getFirst().address(), withFullStop(attempts.getFirst().reason()));
      default ->
          attempts.stream()
              .map(attempt -> "\n  " + attempt.address() + ": " + attempt.reason())
              .collect(Collectors.joining("", "Cannot reach the peer at any address:", ""));
    };
  }

  private static CommandFailure explainHandshake(HandshakeException handshake) {
    return switch (handshake.reason()) {
      case WRONG_PEER ->
          new CommandFailure(
              ExitCode.REFUSED,
              "Another peer answered than the one asked for: " + sentence(handshake),
              "Ask the peer's owner for its present address, with its id.",
              handshake);
      case BAD_SIGNATURE, CRYPTO ->
          new CommandFailure(
              ExitCode.CORRUPT,
              "The peer could not prove who it is: " + sentence(handshake),
              "Do not trust this address; somebody may be in between.",
              handshake);
      case NO_COMMON_MUXER, MALFORMED, CLOSED ->
          new CommandFailure(
              exitOf(handshake),
              "No connection could be agreed on: " + sentence(handshake),
              "Check that a libp2p node with Noise and yamux runs at this address.",
              handshake);
    };
  }

  private static ExitCode exitOf(HandshakeException handshake) {
    return switch (handshake.reason()) {
      case WRONG_PEER -> ExitCode.REFUSED;
      case BAD_SIGNATURE, CRYPTO -> ExitCode.CORRUPT;
      case NO_COMMON_MUXER, MALFORMED, CLOSED -> ExitCode.UNREACHABLE;
    };
  }

  private static CommandFailure explainFile(FileSystemException file) {
    String reason =
        switch (file) {
          case AccessDeniedException _ -> "it may not be accessed";
          case NoSuchFileException _ -> "there is nothing of that name";
          default -> file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
        };
    return new CommandFailure(
        ExitCode.FAILED,
        "Cannot use " + file.getFile() + ": " + withFullStop(reason),
        "Mend that, or name another place.",
        file);
  }

  private static String sentence(Throwable failure) {
    String message = failure.getMessage();
    return withFullStop(
        message == null || message.isBlank() ? failure.getClass().getSimpleName() : message);
  }

  private static String withFullStop(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
