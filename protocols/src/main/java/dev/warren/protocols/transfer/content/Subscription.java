package dev.warren.protocols.transfer.content;

/** Stands for an action that is run when something happens; closing it ends that. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
