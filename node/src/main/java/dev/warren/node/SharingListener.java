package dev.warren.node;

/** Is told what happens to a share, on threads of the node; it must not block. */
public interface SharingListener {
  /** A receiver has been let in. */
  default void joined(Receiver receiver) {}

  /** A receiver has everything that it wants. */
  default void finished(Receiver receiver) {}

  /** A receiver is gone, finished or not; it may come back. */
  default void left(Receiver receiver) {}

  /** All files have been hashed. */
  default void hashed() {}

  /** The code of words, or the ticket where there are none, can be found in one more place. */
  default void announced(Announced announced) {}

  /** Somebody tried wrong words. */
  default void wrongWords(int triesLeft) {}

  /** Wrong words were tried so often that the words are good for nothing any more. */
  default void burnt() {}

  /** Something was left out or went wrong that does not end the share; a sentence for people. */
  default void warning(String sentence) {}
}
