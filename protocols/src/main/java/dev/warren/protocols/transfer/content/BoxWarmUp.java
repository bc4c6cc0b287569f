package dev.warren.protocols.transfer.content;

import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * Has the JVM compile what seals and opens boxes before the first one has to be.
 *
 * <p>HotSpot does AES-GCM in vectors only where it has compiled the method that handles a whole
 * text, which it does after that was called some 600 times. A box is one text. So the first 350 MiB
 * of a new process went at 45 MB/s, and what follows at 3 GB/s. Small boxes count as much: these
 * take less than half a second of one core, in the background, and end as soon as they are fast.
 */
public final class BoxWarmUp {
  private static final int BOXES = 2000;

  /** Compiled, sealing and opening one takes some 6 µs; interpreted, 200. */
  private static final long FAST_NANOS = 30_000;

  /** So many fast ones in a row are no accident. */
  private static final int FAST_BOXES = 20;

  /** Just enough for the method in question to be called. */
  private static final int BOX_BYTES = 8192;

  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private BoxWarmUp() {}

  /** Begins, once in a process, when content is about to be moved. */
  public static void start() {
    if (STARTED.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("warren-warm-up").start(BoxWarmUp::run);
    }
  }

  private static void run() {
    byte[] key = new byte[BoxCipher.KEY_BYTES];
    BoxCipher sealing = new BoxCipher(Cipher.ENCRYPT_MODE, key, 0);
    BoxCipher opening = new BoxCipher(Cipher.DECRYPT_MODE, key, 0);
    byte[] sealed = new byte[BOX_BYTES + BoxLayout.TAG_BYTES];
    byte[] plain = new byte[BOX_BYTES];
    int fast = 0;
    try {
      for (int box = 0; box < BOXES && fast < FAST_BOXES; box++) {
        long begin = System.nanoTime();
        int length = sealing.apply(plain, 0, plain.length, sealed, 0);
        opening.apply(sealed, 0, length, plain, 0);
        fast = System.nanoTime() - begin < FAST_NANOS ? fast + 1 : 0;
      }
    } catch (AEADBadTagException e) {
      throw new AssertionError("what was just sealed", e);
    }
  }
}
