package dev.warren.bench;

import java.util.Locale;

/**
 * One direction of bytes between two processes, to be measured.
 *
 * @param streams how many carry the bytes at the same time, on one connection
 */
record Transfer(int streams, Direction direction) {
  static final Transfer ONE_UPLOAD = new Transfer(1, Direction.UPLOAD);

  /** Seen from the end that dialed. */
  enum Direction {
    UPLOAD,
    DOWNLOAD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a transfer took.
   *
   * @param bytes payload, of all streams together
   */
  record Result(
      long bytes, double seconds, ProcessMeter.Reading sender, ProcessMeter.Reading receiver) {

    double megabytesPerSecond() {
      return bytes / seconds / 1e6;
    }

    double senderCpuSecondsPerGib() {
      return perGib(sender.cpuSeconds());
    }

    double receiverCpuSecondsPerGib() {
      return perGib(receiver.cpuSeconds());
    }

    double cpuSecondsPerGib() {
      return senderCpuSecondsPerGib() + receiverCpuSecondsPerGib();
    }

    private double perGib(double seconds) {
      return seconds / bytes * (1L << 30);
    }

    @Override
    public String toString() {
      return "%.0f MB/s, %.2f CPU s/GiB".formatted(megabytesPerSecond(), cpuSecondsPerGib());
    }
  }

  @Override
  public String toString() {
    return streams + (streams == 1 ? " stream " : " streams ") + direction;
  }
}
