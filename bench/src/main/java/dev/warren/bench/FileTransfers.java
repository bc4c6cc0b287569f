package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sharing and receiving files, beside others who do that. */
@Command(
    name = "transfer",
    description = {
      "warren share and receive beside croc, rsync and a bare socket.",
      "Processes as users start them, on loopback and with real files. What arrives is deleted when"
          + " a case is over: a case takes its size on the disk twice for each subject and round."
    },
    mixinStandardHelpOptions = true)
final class FileTransfers implements Callable<Integer> {
  /** What is measured. */
  enum Case {
    /** One file. */
    BIG,
    /** Many files. */
    SMALL,
    /** One file that is mostly holes. */
    SPARSE,
    /** One file of which a MiB has changed since it was received. */
    UPDATE,
    /** One file, the receiver of which was killed when it had nine tenths. */
    RESUME,
    /** Many files that have been shared before. */
    AGAIN
  }

  /** Others who pass files on. */
  enum Other {
    CROC,
    RSYNC,
    COPY
  }

  @Parameters(
      paramLabel = "CASE",
      arity = "0..*",
      description = "${COMPLETION-CANDIDATES} (default: all of them).")
  private List<Case> cases = List.of();

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "croc,rsync,copy",
      description = "Whom to compare with (default: ${DEFAULT-VALUE}).")
  private Set<Other> others = Set.of();

  @Option(names = "--alone", description = "Compare with nobody.")
  private boolean alone;

  @Option(
      names = "--mib",
      defaultValue = "1024",
      description = "The size of the one file (default: ${DEFAULT-VALUE}).")
  private int mib;

  @Option(
      names = "--sparse-mib",
      defaultValue = "10240",
      description = "The size of the sparse file (default: ${DEFAULT-VALUE}).")
  private int sparseMib;

  @Option(
      names = "--files",
      defaultValue = "100000",
      description = "How many small files (default: ${DEFAULT-VALUE}).")
  private int files;

  @Option(
      names = "--size",
      defaultValue = "4096",
      description = "Bytes of each small file (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--croc-files",
      defaultValue = "10000",
      description =
          "How many of the small files croc is given, which takes milliseconds for each (default:"
              + " ${DEFAULT-VALUE}).")
  private int crocFiles;

  @Option(
      names = "--directory",
      description = "Where files are made and received (default: that for temporary files).")
  private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

  @Mixin private final Repetition repetition = new Repetition();
  @Mixin private final Report report = new Report();

  private final Freight freight = new Freight();

  @Override
  public Integer call() throws IOException {
    for (Case each : cases.isEmpty() ? EnumSet.allOf(Case.class) : EnumSet.copyOf(cases)) {
      Path directory = Files.createTempDirectory(parent, "warren-bench");
      try {
        report.publish("transfer " + each.name().toLowerCase(Locale.ROOT), run(each, directory));
      } finally {
        Freight.delete(directory);
      }
    }
    return 0;
  }

  private String run(Case wanted, Path directory) throws IOException {
    return switch (wanted) {
      case BIG -> {
        Path file = big(directory);
        List<Errand> errands = errands(file, file, Errand.Change.NONE);
        errands.add(new Errand(new PerfCourier(), file, Errand.Change.NONE));
        yield deliver(errands, directory);
      }
      case SMALL -> {
        Path all = freight.smallFiles(directory, files, size);
        Path some =
            crocFiles < files && compared().contains(Other.CROC)
                ? freight.smallFiles(directory, crocFiles, size)
                : all;
        yield deliver(errands(all, some, Errand.Change.NONE), directory);
      }
      case SPARSE -> {
        Path file = freight.sparseFile(directory, (long) sparseMib << 20);
        yield deliver(errands(file, file, Errand.Change.NONE), directory);
      }
      case UPDATE -> {
        Path file = big(directory);
        yield deliver(errands(file, file, freight::change), directory);
      }
      case RESUME -> Resumption.measure(repetition.rounds(), big(directory), directory);
      case AGAIN ->
          SharedAgain.measure(
              repetition.rounds(), freight.smallFiles(directory, files, size), directory);
    };
  }

  private Path big(Path directory) throws IOException {
    return freight.bigFile(directory, (long) mib << 20);
  }

  private String deliver(List<Errand> errands, Path directory) throws IOException {
    return DeliveryTable.of(
        Rounds.run(repetition.rounds(), errands, errand -> errand.run(directory)));
  }

  /**
   * One for each courier.
   *
   * @param forCroc what croc is given
   */
  private List<Errand> errands(Path source, Path forCroc, Errand.Change change) {
    var errands = new ArrayList<Errand>();
    errands.add(new Errand(new WarrenCourier(), source, change));
    for (Other other : compared()) {
      switch (other) {
        case CROC -> {
          errands.add(new Errand(new CrocCourier(true), forCroc, change));
          errands.add(new Errand(new CrocCourier(false), forCroc, change));
        }
        case RSYNC -> errands.add(new Errand(new RsyncCourier(), source, change));
        case COPY -> errands.add(new Errand(new CopyCourier(), source, change));
      }
    }
    return errands;
  }

  private Set<Other> compared() {
    return alone ? Set.of() : others;
  }
}
