package dev.warren.libp2p.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void aSavedKeyIsLoaded(KeyType type) throws IOException {
    PrivateKey key = PrivateKey.fromProtobuf(KeyVectors.privateKey(type));

    KeyFile.save(file(), key);

    assertThat(KeyFile.load(file())).isEqualTo(key);
  }

  @Test
  void theFileIsALineAsKuboHasIt() throws IOException {
    PrivateKey key = KeyFile.loadOrCreate(file(), KeyType.ED25519);

    assertThat(Files.readString(file()))
        .isEqualTo(Base64.getEncoder().encodeToString(key.toProtobuf()) + "\n");
  }

  @Test
  void theKeyIsMadeOnceAndThenRead() throws IOException {
    PrivateKey first = KeyFile.loadOrCreate(file(), KeyType.ED25519);

    assertThat(KeyFile.loadOrCreate(file(), KeyType.SECP256K1)).isEqualTo(first);
  }

  @Test
  void onlyTheOwnerCanReadWhatIsMade() throws IOException {
    assumeTrue(isPosix());
    Path deep = directory.resolve("one/two/identity.key");

    KeyFile.loadOrCreate(deep, KeyType.ED25519);

    assertThat(mode(deep)).isEqualTo("rw-------");
    assertThat(mode(directory.resolve("one/two"))).isEqualTo("rwx------");
    assertThat(mode(directory.resolve("one"))).isEqualTo("rwx------");
    KeyFile.save(deep, PrivateKey.generate(KeyType.ED25519));
    assertThat(mode(deep)).isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void aFileThatIsOpenToOthersIsRefusedWithTheCommandThatMendsIt(String mode) throws IOException {
    assumeTrue(isPosix());
    KeyFile.loadOrCreate(file(), KeyType.ED25519);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));

    for (Callable<PrivateKey> reading :
        List.<Callable<PrivateKey>>of(
            () -> KeyFile.load(file()), () -> KeyFile.loadOrCreate(file(), KeyType.ED25519))) {
      assertThatThrownBy(reading::call)
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("open to others (" + mode + ")")
          .hasMessageEndingWith("chmod 600 '" + file() + "'");
    }
  }

  @Test
  void aFileThatEvenTheOwnerCannotChangeIsFine() throws IOException {
    assumeTrue(isPosix());
    PrivateKey key = KeyFile.loadOrCreate(file(), KeyType.ED25519);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--------"));

    assertThat(KeyFile.load(file())).isEqualTo(key);
  }

  @Test
  void savingMendsTheModeOfAnOpenFile() throws IOException {
    assumeTrue(isPosix());
    Files.createFile(file());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));

    KeyFile.save(file(), PrivateKey.generate(KeyType.ED25519));

    assertThat(mode(file())).isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "!", "AAAA", "CAESQA==", "-----BEGIN PRIVATE KEY-----"})
  void aFileWithoutAKeyIsRefusedAndNotReplaced(String content) throws IOException {
    KeyFile.save(file(), PrivateKey.generate(KeyType.ED25519));
    Files.writeString(file(), content);

    assertThatThrownBy(() -> KeyFile.loadOrCreate(file(), KeyType.ED25519))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining("holds no key");
    assertThat(Files.readString(file())).isEqualTo(content);
  }

  @Test
  void aHugeFileIsNotReadToItsEnd() throws IOException {
    KeyFile.save(file(), PrivateKey.generate(KeyType.ED25519));
    Files.write(file(), new byte[1 << 20]);

    assertThatThrownBy(() -> KeyFile.load(file()))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("more than");
  }

  @Test
  void aMissingFileIsSaidToBeMissing() {
    assertThatThrownBy(() -> KeyFile.load(file())).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whiteSpaceOfAnEditorDoesNoHarm() throws IOException {
    PrivateKey key = KeyFile.loadOrCreate(file(), KeyType.ED25519);
    Files.writeString(file(), "  " + Files.readString(file()) + "\r\n\n");

    assertThat(KeyFile.load(file())).isEqualTo(key);
  }

  @Test
  void allWhoStartAtOnceGetTheSameKey() throws Exception {
    int starters = 16;
    CyclicBarrier start = new CyclicBarrier(starters);
    Callable<PrivateKey> starter =
        () -> {
          start.await();
          return KeyFile.loadOrCreate(file(), KeyType.ED25519);
        };
    Set<PrivateKey> keys = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PrivateKey>> results = new ArrayList<>();
      for (int i = 0; i < starters; i++) {
        results.add(threads.submit(starter));
      }
      for (Future<PrivateKey> result : results) {
        keys.add(result.get());
      }
    }

    assertThat(keys).containsExactly(KeyFile.load(file()));
    assertThat(names(directory)).containsExactly("identity.key");
  }

  @Test
  void aFileSystemWithoutLinksStillTakesOneKeyOnly() throws IOException {
    Path draft = Files.writeString(directory.resolve("draft"), "a key");

    KeyFile.copyToNewFile(draft, file());

    assertThat(file()).hasContent("a key");
    if (isPosix()) {
      assertThat(mode(file())).isEqualTo("rw-------");
    }
    assertThatThrownBy(() -> KeyFile.copyToNewFile(draft, file()))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void savingLeavesNothingBehind() throws IOException {
    KeyFile.save(file(), PrivateKey.generate(KeyType.ED25519));
    KeyFile.save(file(), PrivateKey.generate(KeyType.ED25519));

    assertThat(names(directory)).containsExactly("identity.key");
  }

  @Test
  void accessListsMayNameTheOwnerOnly() {
    UserPrincipal owner = principal("owner");
    UserPrincipal other = principal("other");
    AclEntry ownerReads = entry(AclEntryType.ALLOW, owner, AclEntryPermission.READ_DATA);

    assertThat(OwnerOnly.othersCanRead(List.of(ownerReads), Set.of(owner))).isFalse();
    assertThat(
            OwnerOnly.othersCanRead(
                List.of(ownerReads, entry(AclEntryType.ALLOW, other, AclEntryPermission.READ_DATA)),
                Set.of(owner)))
        .isTrue();
    assertThat(
            OwnerOnly.othersCanRead(
                List.of(
                    entry(AclEntryType.DENY, other, AclEntryPermission.READ_DATA),
                    entry(AclEntryType.ALLOW, other, AclEntryPermission.READ_ATTRIBUTES)),
                Set.of(owner)))
        .isFalse();
  }

  @Test
  void aComplaintAboutAFileDoesNotQuoteIt() throws IOException {
    PrivateKey key = KeyFile.loadOrCreate(file(), KeyType.ED25519);
    String line = Files.readString(file()).strip();
    Files.write(file(), (line.substring(0, 60) + "?" + line.substring(60)).getBytes(UTF_8));

    assertThatThrownBy(() -> KeyFile.load(file()))
        .hasNoCause()
        .hasMessageNotContaining(line.substring(0, 8));
    assertThat(key.toString()).doesNotContain(line.substring(0, 8));
  }

  private Path file() {
    return directory.resolve("identity.key");
  }

  private boolean isPosix() {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static UserPrincipal principal(String name) {
    return () -> name;
  }

  private static AclEntry entry(
      AclEntryType type, UserPrincipal principal, AclEntryPermission permission) {
    return AclEntry.newBuilder()
        .setType(type)
        .setPrincipal(principal)
        .setPermissions(EnumSet.of(permission))
        .build();
  }
}
