package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A network interface whose cable ends in this program, which reads the packets that the system
 * sends, and writes those that it is to receive. See {@code networking/tuntap} of Linux.
 *
 * <p>One thread may read and another one write.
 */
final class Tun implements AutoCloseable {
  static final int MAX_PACKET_BYTES = 1500;

  private static final int O_RDWR = 2;
  private static final long TUNSETIFF = 0x400454caL;
  private static final short IFF_TUN = 0x0001;
  private static final short IFF_NO_PI = 0x1000;

  /** Of {@code struct ifreq}: a name of 16 bytes, and a union of which the flags are the first. */
  private static final int IFREQ_BYTES = 40;

  private static final int IFREQ_FLAGS = 16;

  private static final MethodHandle OPEN =
      NetworkNamespace.function(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle IOCTL =
      NetworkNamespace.function(
          "ioctl",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final FunctionDescriptor TRANSFER =
      FunctionDescriptor.of(
          ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle READ = NetworkNamespace.function("read", TRANSFER);
  private static final MethodHandle WRITE = NetworkNamespace.function("write", TRANSFER);
  private static final MethodHandle CLOSE =
      NetworkNamespace.function(
          "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int descriptor;
  private final MemorySegment received = Arena.ofAuto().allocate(MAX_PACKET_BYTES);
  private final MemorySegment sent = Arena.ofAuto().allocate(MAX_PACKET_BYTES);

  private Tun(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Makes one in a namespace, with an address of its own in a network of two. */
  static Tun make(NetworkNamespace namespace, String name, String address) {
    Tun tun = namespace.call(() -> open(name));
    // The system is not to lose packets by itself.
    Commands.script(
        """
        ip -n "$1" addr add "$3"/24 dev "$2"
        ip -n "$1" link set dev "$2" txqueuelen 20000 mtu 1500 up\
        """,
        namespace.name(),
        name,
        address);
    return tun;
  }

  private static Tun open(String name) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), O_RDWR);
      MemorySegment request = arena.allocate(IFREQ_BYTES);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, (short) (IFF_TUN | IFF_NO_PI));
      if (descriptor < 0 || (int) IOCTL.invokeExact(descriptor, TUNSETIFF, request) < 0) {
        throw new ChaosException("there is no /dev/net/tun, or it may not be used");
      }
      return new Tun(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ChaosException("no interface can be made", e);
    }
  }

  /** Waits for a packet; empty when the interface is no more. */
  byte[] read() {
    try {
      long bytes = (long) READ.invokeExact(descriptor, received, (long) MAX_PACKET_BYTES);
      return bytes <= 0 ? new byte[0] : received.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    } catch (Throwable e) {
      throw new ChaosException("cannot read packets", e);
    }
  }

  /** Hands a packet over to the system; one that it does not take is lost. */
  void write(byte[] packet) {
    MemorySegment.copy(packet, 0, sent, ValueLayout.JAVA_BYTE, 0, packet.length);
    try {
      long _ = (long) WRITE.invokeExact(descriptor, sent, (long) packet.length);
    } catch (Throwable e) {
      throw new ChaosException("cannot write packets", e);
    }
  }

  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new ChaosException("cannot close an interface", e);
    }
  }
}
