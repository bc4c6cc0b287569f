package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A network of one computer; {@code ip netns} knows it by its name. */
record NetworkNamespace(String name) implements AutoCloseable {
  private static final int O_RDONLY = 0;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS =
      function(
          "setns",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  @SuppressWarnings("restricted")
  static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  static NetworkNamespace make(String name) {
    // No time is lost on finding out that nobody else has our addresses.
    Commands.script(
        """
        ip netns add "$1"
        ip -n "$1" link set lo up
        ip netns exec "$1" sysctl -qw net.ipv6.conf.default.accept_dad=0\
        """,
        name);
    return new NetworkNamespace(name);
  }

  /** What has to stand before a command that is to run in it. */
  List<String> prefix() {
    return List.of("ip", "netns", "exec", name);
  }

  /** What {@code nft -f} reads. */
  void rules(String text) {
    Commands.run(List.of("ip", "netns", "exec", name, "nft", "-f", "-"), text);
  }

  /**
   * Does something as if on that computer. Sockets that are opened stay there, whoever uses them
   * afterwards.
   */
  <T> T call(Callable<T> task) {
    var future =
        new FutureTask<>(
            () -> {
              enter();
              return task.call();
            });
    // The thread would be in there for ever, so it is one of its own, and of the system.
    Thread.ofPlatform().name("in " + name).start(future);
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new ChaosException("in " + name + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw new ChaosException("interrupted in " + name, e);
    }
  }

  private void enter() {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom("/run/netns/" + name), O_RDONLY);
      int result = (int) SETNS.invokeExact(descriptor, CLONE_NEWNET);
      int _ = (int) CLOSE.invokeExact(descriptor);
      if (result != 0) {
        throw new ChaosException("the network of " + name + " cannot be entered");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ChaosException("the network of " + name + " cannot be entered", e);
    }
  }

  @Override
  public void close() {
    Commands.script("ip netns del \"$1\"", name);
  }
}
