package dev.warren.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileStampTest {
  @TempDir Path directory;

  @Test
  void itHasNanoseconds() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "abc");
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(5, 123_456_700)));
    assertThat(FileStamp.of(file).modifiedNanos()).isEqualTo(5_123_456_700L);
    assertThat(FileStamp.of(file).size()).isEqualTo(3);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void anotherFileInItsPlaceDoesNotMatchEvenIfItLooksAlike() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "abc");
    FileStamp before = FileStamp.of(file);
    assertThat(before.matches(FileStamp.of(file))).isTrue();
    assertThat(before.key()).isNotZero();

    Path other = Files.writeString(directory.resolve("other"), "xyz");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(before.matches(FileStamp.of(file))).isFalse();
  }

  @Test
  void aFileSystemWithoutKeysIsTakenAsItIs() {
    assertThat(new FileStamp(1, 2, 0).matches(new FileStamp(1, 2, 3))).isTrue();
    assertThat(new FileStamp(1, 2, 4).matches(new FileStamp(1, 3, 4))).isFalse();
  }
}
