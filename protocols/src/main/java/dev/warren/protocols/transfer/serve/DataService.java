package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.content.BoxSealer;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException.Reason;
import dev.warren.protocols.transfer.serve.ServedShare.Admission;
import dev.warren.protocols.transfer.session.DataAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream on which a receiver gets chunks. Reading, sealing and sending are the work of one
 * thread, in one array: a receiver that wants more of the machine opens more streams. Requests that
 * have not had their turn wait in the stream's window, which bounds them.
 */
final class DataService {
  private static final Logger log = LoggerFactory.getLogger(DataService.class);

  /** For a box: slower than this, 2 KiB a second, no receiver is worth the memory it takes. */
  private static final Duration BOX_TIME = Duration.ofMinutes(10);

  private static final byte[] NO_ROOM = {};

  private final ServedShare share;
  private final Admission admission;
  private final DataAnswer answer;
  private final Runnable giveUp;
  private final TimeSource time;
  private final BoxPlace place;
  private final BoxSealer box;

  /** How much of the box under way is content. */
  private int content;

  /**
   * @param giveUp ends the stream, from any thread
   */
  DataService(
      ServedShare share,
      Admission admission,
      DataAnswer answer,
      Runnable giveUp,
      BoxPlace place,
      TimeSource time) {
    this.share = share;
    this.admission = admission;
    this.answer = answer;
    this.giveUp = giveUp;
    this.place = place;
    this.time = time;
    box = new BoxSealer(answer.boxKey());
  }

  /** Serves the stream to its end. */
  void run() throws IOException {
    for (Optional<int[]> wanted = answer.next(); wanted.isPresent(); wanted = answer.next()) {
      int[] ordinals = wanted.get();
      byte[] array = place.take();
      box.use(array);
      for (int next = 0; next < ordinals.length; ) {
        next = sendBox(ordinals, next);
      }
      box.use(NO_ROOM);
      place.rest(array);
    }
  }

  /** Sends the chunks from a place on that fit in a box, and returns the place after them. */
  private int sendBox(int[] ordinals, int first) throws IOException {
    content = 0;
    int next = first;
    while (next < ordinals.length && add(ordinals[next])) {
      next++;
    }
    int length = box.seal();
    for (int at = 0; at < length; ) {
      int some = admission.take(length - at);
      write(at, some);
      at += some;
    }
    admission.sent(content);
    return next;
  }

  private void write(int offset, int length) throws IOException {
    TimeSource.Scheduled limit = time.after(BOX_TIME, giveUp);
    try {
      answer.write(box.array(), offset, length);
    } finally {
      limit.cancel();
    }
  }

  /** Adds a chunk, or why it cannot be had; false if there is no room for it. */
  private boolean add(int ordinal) {
    Reason reason = Reason.NOT_HERE;
    if (share.chunks().contains(ordinal)) {
      try {
        int length = share.chunkLength(ordinal);
        if (!box.hasRoomFor(length)) {
          return false;
        }
        box.add(share.readChunk(ordinal, box.array(), box.offset()));
        content += length;
        return true;
      } catch (ChunkUnavailableException e) {
        reason = e.reason();
      } catch (IOException e) {
        log.warn("chunk {} of {} cannot be read", ordinal, share.id(), e);
        reason = Reason.FAILED;
      }
    }
    if (!box.hasRoomFor(0)) {
      return false;
    }
    box.addUnavailable(reason.number());
    return true;
  }
}
