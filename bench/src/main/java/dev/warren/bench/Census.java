package dev.warren.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process holds that a leak would add to.
 *
 * @param virtualThreads those that are alive; only a thread dump tells
 */
record Census(int platformThreads, int virtualThreads, long descriptors, long heapBytes) {

  private static final String TRACKING = "jdk.trackAllThreads";

  static Census take() throws IOException {
    if (!Boolean.getBoolean(TRACKING)) {
      throw new IOException("Java counts virtual threads only with -D" + TRACKING + "=true");
    }
    long heap = IdleNode.heapAfterCollection();
    int platform = ManagementFactory.getThreadMXBean().getThreadCount();
    return new Census(platform, virtualThreadCount(), descriptorCount(), heap);
  }

  /** Each thread of the dump says whether it is virtual. */
  private static int virtualThreadCount() throws IOException {
    Path folder = Files.createTempDirectory("bench");
    Path dump = folder.resolve("threads.json");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
      int count = 0;
      try (Reader reader = Files.newBufferedReader(dump)) {
        JsonElement root = JsonParser.parseReader(reader);
        for (JsonElement container :
            root.getAsJsonObject()
                .getAsJsonObject("threadDump")
                .getAsJsonArray("threadContainers")) {
          for (JsonElement thread : container.getAsJsonObject().getAsJsonArray("threads")) {
            JsonElement virtual = thread.getAsJsonObject().get("virtual");
            count += virtual != null && virtual.getAsBoolean() ? 1 : 0;
          }
        }
      }
      return count;
    } finally {
      Files.deleteIfExists(dump);
      Files.delete(folder);
    }
  }

  private static long descriptorCount() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  /** Whether this is no more than what was there before, but for what a JVM does by itself. */
  boolean isWithin(Census before, Tolerance tolerance) {
    return platformThreads <= before.platformThreads + tolerance.platformThreads
        && virtualThreads <= before.virtualThreads + tolerance.virtualThreads
        && descriptors <= before.descriptors + tolerance.descriptors
        && heapBytes <= before.heapBytes + tolerance.heapBytes;
  }

  /** How much more of each is not taken for a leak. */
  record Tolerance(int platformThreads, int virtualThreads, int descriptors, long heapBytes) {}
}
