package dev.warren.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @Test
  void itIsThatOfThePlatform() {
    Path home = Path.of("/home/kim");
    assertThat(DataDirectory.ofPlatform(Map.of(), "Linux", home).path())
        .isEqualTo(Path.of("/home/kim/.local/share/warren"));
    assertThat(DataDirectory.ofPlatform(Map.of("XDG_DATA_HOME", "/data"), "Linux", home).path())
        .isEqualTo(Path.of("/data/warren"));
    assertThat(DataDirectory.ofPlatform(Map.of(), "Mac OS X", home).path())
        .isEqualTo(Path.of("/home/kim/Library/Application Support/Warren"));
    assertThat(DataDirectory.ofPlatform(Map.of("APPDATA", "/roaming"), "Windows 11", home).path())
        .isEqualTo(Path.of("/roaming/Warren"));
  }

  @Test
  void aRelativeDataHomeIsIgnoredAsTheSpecificationHasIt() {
    assertThat(
            DataDirectory.ofPlatform(Map.of("XDG_DATA_HOME", "data"), "Linux", Path.of("/home/kim"))
                .path())
        .isEqualTo(Path.of("/home/kim/.local/share/warren"));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void onlyItsOwnerMayLookIntoIt(@TempDir Path home) throws Exception {
    DataDirectory data =
        new DataDirectory(home.resolve("deep").resolve("warren")).create().create();
    for (Path path : new Path[] {data.path(), data.shares(), data.transfers(), data.cache()}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
  }
}
