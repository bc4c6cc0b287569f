package dev.warren.node;

import java.io.IOException;

/** A share was not received; the message is a sentence for people, without a full stop. */
public abstract sealed class ReceiveException extends IOException
    permits NotFoundException,
        NotAllowedException,
        CorruptShareException,
        NoRoomException,
        BegunOtherwiseException,
        CancelledException {
  private static final long serialVersionUID = 1L;

  ReceiveException(String message) {
    super(message);
  }

  ReceiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
