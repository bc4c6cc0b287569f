package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Reads from outside what a process takes, between two moments. */
final class ProcessMeter {

  /**
   * What a process took.
   *
   * @param cpu time on processors, in user and kernel mode
   * @param peakBytes the most resident memory since the meter was started, or since the process was
   *     where the system does not let this be reset
   */
  record Reading(Duration cpu, long peakBytes) {
    double cpuSeconds() {
      return cpu.toNanos() / 1e9;
    }
  }

  private final ProcessHandle process;
  private final Duration cpuBefore;

  private ProcessMeter(ProcessHandle process) throws IOException {
    this.process = process;
    this.cpuBefore = cpu(process);
  }

  /** Starts to measure. */
  static ProcessMeter start(long pid) throws IOException {
    try {
      Files.writeString(proc(pid, "clear_refs"), "5"); // proc(5): resets the peak
    } catch (IOException e) {
      // Not permitted, or not Linux: the peak is that of the process's life.
    }
    return new ProcessMeter(process(pid));
  }

  static ProcessHandle process(long pid) throws IOException {
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new IOException("process " + pid + " has ended"));
  }

  /** What was taken since the start. */
  Reading read() throws IOException {
    return new Reading(cpu(process).minus(cpuBefore), memory(process.pid(), "VmHWM"));
  }

  /** The resident memory of a process now. */
  static long residentBytes(long pid) throws IOException {
    return memory(pid, "VmRSS");
  }

  /** The time on processors up to now. */
  static Duration cpu(ProcessHandle process) throws IOException {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IOException("the CPU time of a process cannot be read here"));
  }

  /** A field of {@code /proc/PID/status}, in bytes. */
  static long memory(long pid, String field) throws IOException {
    Path status = proc(pid, "status");
    if (!Files.exists(status)) {
      return 0; // no Linux; the tables show 0
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10; // in KiB
      }
    }
    return 0;
  }

  private static Path proc(long pid, String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }
}
