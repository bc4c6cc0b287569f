package dev.warren.libp2p.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Files that only their owner can read: by mode where the file system has modes, by an access list
 * where it has those. The attributes belong to the file from its creation on, so that there is no
 * instant at which others could open it.
 */
public final class OwnerOnly {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private OwnerOnly() {}

  /** Makes a directory and those above it; what is there already stays as it is. */
  public static void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory, attributes(directory, "rwx------"));
  }

  /** Attributes for a new file on the file system of this path. */
  public static FileAttribute<?>[] file(Path path) throws IOException {
    return attributes(path, "rw-------");
  }

  private static FileAttribute<?>[] attributes(Path path, String mode) throws IOException {
    Set<String> views = path.getFileSystem().supportedFileAttributeViews();
    if (views.contains("posix")) {
      return new FileAttribute<?>[] {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
      };
    }
    if (views.contains("acl")) {
      return new FileAttribute<?>[] {new AccessList(List.of(allowAll(currentUser(path))))};
    }
    return new FileAttribute<?>[0];
  }

  /** Refuses a file that others can read, with the command that mends it. */
  static void require(Path file) throws IOException {
    Set<String> views = file.getFileSystem().supportedFileAttributeViews();
    if (views.contains("posix")) {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (!OWNER.containsAll(mode)) {
        throw new KeyFileException(
            file,
            "is open to others (%s) and they may have copied it; to use it nevertheless: chmod 600 '%s'"
                .formatted(PosixFilePermissions.toString(mode), file));
      }
    } else if (views.contains("acl")) {
      AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
      UserPrincipal user = currentUser(file);
      if (view != null && othersCanRead(view.getAcl(), Set.of(user, view.getOwner()))) {
        throw new KeyFileException(
            file,
            "is open to others and they may have copied it; to use it nevertheless: icacls \"%s\" /inheritance:r /grant:r \"%s:F\""
                .formatted(file, user.getName()));
      }
    }
  }

  static boolean othersCanRead(List<AclEntry> entries, Set<UserPrincipal> owners) {
    return entries.stream()
        .filter(entry -> entry.type() == AclEntryType.ALLOW)
        .filter(entry -> entry.permissions().contains(AclEntryPermission.READ_DATA))
        .anyMatch(entry -> !owners.contains(entry.principal()));
  }

  private static AclEntry allowAll(UserPrincipal user) {
    return AclEntry.newBuilder()
        .setType(AclEntryType.ALLOW)
        .setPrincipal(user)
        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
        .build();
  }

  private static UserPrincipal currentUser(Path path) throws IOException {
    return path.getFileSystem()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(System.getProperty("user.name"));
  }

  /** The JDK has a factory for modes but none for access lists. */
  private record AccessList(List<AclEntry> value) implements FileAttribute<List<AclEntry>> {
    @Override
    public String name() {
      return "acl:acl";
    }
  }
}
