package dev.warren.node;

import dev.warren.protocols.transfer.manifest.Entry;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Why to look twice at something that comes from others. */
public enum Caution {
  /** It is a program, or a double click runs it. */
  PROGRAM,
  /** Its name, or that of a directory above it, begins with a dot, so that it is rarely seen. */
  HIDDEN,
  /** It stands for something else. */
  LINK;

  /** What the systems of players run, by the ends of names. */
  private static final Set<String> PROGRAMS =
      Set.of(
          "appimage",
          "apk",
          "app",
          "bat",
          "cmd",
          "com",
          "command",
          "cpl",
          "desktop",
          "dll",
          "dmg",
          "dylib",
          "exe",
          "hta",
          "jar",
          "js",
          "jse",
          "lnk",
          "msi",
          "msix",
          "pif",
          "pkg",
          "ps1",
          "reg",
          "run",
          "scr",
          "sh",
          "so",
          "url",
          "vbe",
          "vbs",
          "wsf");

  /** Ignore files of ours say nothing bad of a share. */
  private static final Pattern HIDDEN_NAME = Pattern.compile("(^|/)\\.(?!warrenignore$)");

  /** The reasons that there are for an entry. */
  public static Set<Caution> of(Entry entry) {
    Set<Caution> cautions = EnumSet.noneOf(Caution.class);
    String path = entry.path().toString();
    if (HIDDEN_NAME.matcher(path).find()) {
      cautions.add(HIDDEN);
    }
    switch (entry) {
      case Entry.File file -> {
        int dot = path.lastIndexOf('.');
        String end = dot < 0 ? "" : path.substring(dot + 1).toLowerCase(Locale.ROOT);
        if (file.executable() || PROGRAMS.contains(end)) {
          cautions.add(PROGRAM);
        }
      }
      case Entry.Link _ -> cautions.add(LINK);
      case Entry.Directory _ -> {}
    }
    return cautions;
  }
}
