package dev.warren.protocols.transfer.session;

import dev.warren.protocols.transfer.pb.TransferMessages.FromSource;
import dev.warren.protocols.transfer.pb.TransferMessages.Refusal;
import dev.warren.protocols.transfer.session.RefusedException.Reason;

/** Refusals as messages. */
final class Refusals {
  private static final int MAX_SENTENCE = 256;

  private Refusals() {}

  static FromSource encode(RefusedException refused) {
    var code =
        switch (refused.reason()) {
          case UNKNOWN -> Refusal.Code.UNKNOWN;
          case EXPIRED -> Refusal.Code.EXPIRED;
          case NOT_APPROVED -> Refusal.Code.NOT_APPROVED;
          case BLOCKED -> Refusal.Code.BLOCKED;
          case EXHAUSTED -> Refusal.Code.EXHAUSTED;
          case BUSY -> Refusal.Code.BUSY;
        };
    return FromSource.newBuilder()
        .setRefusal(Refusal.newBuilder().setCode(code).setSentence(printable(refused.getMessage())))
        .build();
  }

  /** A code that is not known here is one that nothing can be done about. */
  static RefusedException decode(Refusal refusal) {
    Reason reason =
        switch (refusal.getCode()) {
          case UNKNOWN, UNSPECIFIED, UNRECOGNIZED -> Reason.UNKNOWN;
          case EXPIRED -> Reason.EXPIRED;
          case NOT_APPROVED -> Reason.NOT_APPROVED;
          case BLOCKED -> Reason.BLOCKED;
          case EXHAUSTED -> Reason.EXHAUSTED;
          case BUSY -> Reason.BUSY;
        };
    return new RefusedException(reason, printable(refusal.getSentence()));
  }

  static RefusedException unknown() {
    return new RefusedException(
        Reason.UNKNOWN, "the peer has no such share, or the code is not for it");
  }

  /** Foreign text that can be shown: short, and without what a terminal or a log would obey. */
  static String printable(String text) {
    var out = new StringBuilder();
    text.codePoints()
        .limit(MAX_SENTENCE)
        .map(
            c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.SURROGATE,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR ->
                      '?';
                  default -> c;
                })
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
