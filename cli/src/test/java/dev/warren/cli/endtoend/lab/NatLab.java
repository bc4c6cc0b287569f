package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import dev.warren.cli.endtoend.lab.Pair.Trouble;
import dev.warren.cli.endtoend.lab.Pair.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Pairs of homes behind routers of every kind. */
@Command(
    name = "scripts/natlab",
    mixinStandardHelpOptions = true,
    description = {
      "Shares by words in a home, and receives in another, behind routers of every kind: an internet"
          + " of network namespaces, of which nothing is left afterwards.",
      "",
      "First the routers are proved to be what they are called. How the two came together is seen in"
          + " what the internet has carried.",
      "",
      "Linux only; as root, or where users may have namespaces of their own."
    },
    footer = {"", "Exit codes: 0 each pair met as it can, 1 one did not, 2 wrong usage."})
final class NatLab implements Callable<Integer> {
  private static final int FIRST_NUMBER = 10;

  /** Of each kind of way one, for machines that have other things to do. */
  private static final List<Pair> SHORT =
      List.of(
          Pair.apart(HomeKind.OPEN, HomeKind.PORT_RESTRICTED),
          Pair.apart(HomeKind.PORT_RESTRICTED, HomeKind.PORT_RESTRICTED),
          Pair.apart(HomeKind.SYMMETRIC, HomeKind.SYMMETRIC),
          Pair.apart(HomeKind.UDP_BLOCKED, HomeKind.FULL_CONE));

  private static final List<Pair> TROUBLED =
      Arrays.stream(Trouble.values())
          .filter(trouble -> trouble != Trouble.NONE)
          .map(Pair.apart(HomeKind.PORT_RESTRICTED, HomeKind.PORT_RESTRICTED)::amid)
          .toList();

  private static final List<Pair> ALL = all();

  private static List<Pair> all() {
    List<Pair> all = new ArrayList<>();
    HomeKind[] kinds = HomeKind.values();
    for (int i = 0; i < kinds.length; i++) {
      for (int j = i; j < kinds.length; j++) {
        all.add(Pair.apart(kinds[i], kinds[j]));
      }
    }
    // It takes twice as long, so not each: with its like, and with what most homes have.
    for (HomeKind kind : kinds) {
      if (kind.udp().isPresent()) {
        Stream.of(kind, HomeKind.PORT_RESTRICTED)
            .distinct()
            .filter(other -> other.isIpv6() == kind.isIpv6())
            .forEach(other -> all.add(Pair.apart(kind, other).settled()));
      }
    }
    all.add(Pair.together(HomeKind.FULL_CONE, Where.SAME_ROUTER));
    all.add(Pair.together(HomeKind.PORT_RESTRICTED, Where.SAME_ROUTER));
    all.add(Pair.together(HomeKind.PORT_RESTRICTED, Where.SAME_NETWORK));
    all.addAll(TROUBLED);
    return all;
  }

  /** What alone is done. */
  private static final class Part {
    @Option(
        names = "--pair",
        arity = "2",
        paramLabel = "KIND",
        converter = KindConverter.class,
        description = "Only this one: who shares, and who receives.")
    private List<HomeKind> pair = List.of();

    @Option(
        names = "--settled",
        arity = "2",
        paramLabel = "KIND",
        converter = KindConverter.class,
        description =
            "The same, but who receives waits until who shares knows how it is reached over QUIC.")
    private List<HomeKind> settled = List.of();

    @Option(names = "--short", description = "Only a few pairs.")
    private boolean few;

    @Option(names = "--troubles", description = "Only those in which routers fail amid a transfer.")
    private boolean troubles;

    @Option(names = "--routers", description = "Only prove the routers.")
    private boolean routers;

    @Option(
        names = "--peers",
        description =
            "Only with peers on go-libp2p and rust-libp2p: whether they and ours punch holes to each"
                + " other, and what they tell each other of dialing back.")
    private boolean peers;

    /** Whether it is but some of what the table of pairs has. */
    private boolean isOfPairs() {
      return few || troubles || !pair.isEmpty() || !settled.isEmpty();
    }

    private List<Pair> pairs() {
      if (!pair.isEmpty()) {
        return List.of(Pair.apart(pair.getFirst(), pair.getLast()));
      }
      if (!settled.isEmpty()) {
        return List.of(Pair.apart(settled.getFirst(), settled.getLast()).settled());
      }
      return few ? SHORT : troubles ? TROUBLED : ALL;
    }
  }

  @ArgGroup private final Part part = new Part();

  @Spec private CommandSpec spec;

  @Option(
      names = "--slow",
      description = "Have transfers last longer, for machines that have other things to do.")
  private boolean slow;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Pairs at a time. Default: ${DEFAULT-VALUE}.")
  private int jobs = 1;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = {
        "Also put the results in this file, docs/nat-matrix.md, between their marks.",
        "Not with some of the pairs alone: the table is that of one run."
      })
  private Optional<Path> file = Optional.empty();

  private final AtomicInteger homes = new AtomicInteger(FIRST_NUMBER);

  private static final class KindConverter implements CommandLine.ITypeConverter<HomeKind> {
    @Override
    public HomeKind convert(String value) {
      return Arrays.stream(HomeKind.values())
          .filter(kind -> kind.label().equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new CommandLine.TypeConversionException(
                      "a kind is one of "
                          + String.join(
                              ", ",
                              Arrays.stream(HomeKind.values()).map(HomeKind::label).toList())));
    }
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new NatLab()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    if (file.isPresent() && part.isOfPairs()) {
      throw new ParameterException(
          spec.commandLine(),
          "--write would put some pairs in place of all: leave one of both out.");
    }
    Path folder = Files.createTempDirectory("natlab");
    try (var laboratory = new Laboratory(folder)) {
      Runtime.getRuntime().addShutdownHook(new Thread(laboratory::close));
      if (part.peers) {
        return meetPeers(laboratory);
      }
      var report = new MatrixReport();
      List<Pair> pairs = part.pairs();
      proveRouters(laboratory, pairs, report);
      if (!part.routers) {
        laboratory.start();
        System.out.println("The nodes of the internet are there.");
        try (var pool = Executors.newFixedThreadPool(jobs)) {
          for (Pair each : pairs) {
            pool.execute(() -> meet(laboratory, each, report));
          }
        }
      }
      if (file.isPresent()) {
        report.write(file.get());
      }
      System.out.printf("%s%nWhat the processes left is in %s%n", report.summary(), folder);
      return report.isGood() ? 0 : 1;
    }
  }

  private int meetPeers(Laboratory laboratory) throws IOException {
    PeersReport report = new PeersLab(laboratory, homes).run();
    if (file.isPresent()) {
      report.write(file.get());
    }
    System.out.println(report.summary());
    return report.isGood() ? 0 : 1;
  }

  private void meet(Laboratory laboratory, Pair pair, MatrixReport report) {
    try {
      Pair.Result result = meet(laboratory, pair);
      System.out.println(result);
      report.add(result);
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      report.add(Pair.Result.failed(pair));
    }
  }

  private Pair.Result meet(Laboratory laboratory, Pair pair) throws IOException {
    Internet internet = laboratory.internet();
    Path folder = laboratory.folder().resolve(pair.toString());
    // The nodes still know of the pairs before, so each has addresses of its own.
    int number = homes.getAndAdd(2);
    String sharer = "sharer" + number;
    String receiver = "receiver" + number;
    if (pair.where() != Where.APART) {
      boolean isolated = pair.where() == Where.SAME_ROUTER;
      try (var home = new Home(internet, pair.sharer(), number, isolated, sharer, receiver)) {
        return new Meeting(laboratory, pair, slow, home, home, folder).run();
      }
    }
    try (var sharing = new Home(internet, pair.sharer(), number, false, sharer);
        var receiving = new Home(internet, pair.receiver(), number + 1, false, receiver)) {
      return new Meeting(laboratory, pair, slow, sharing, receiving, folder).run();
    }
  }

  /** Those that the pairs are behind. */
  private void proveRouters(Laboratory laboratory, List<Pair> pairs, MatrixReport report)
      throws IOException {
    List<HomeKind> kinds =
        pairs.stream()
            .flatMap(pair -> Stream.of(pair.sharer(), pair.receiver()))
            .distinct()
            .sorted()
            .toList();
    List<Internet.Attachment> places = laboratory.places();
    try (var first = new Observer(places.get(0));
        var second = new Observer(places.get(1));
        var stranger = new Observer(places.get(2))) {
      for (HomeKind kind : kinds) {
        try (var home =
            new Home(laboratory.internet(), kind, homes.getAndIncrement(), false, "home")) {
          var probe = new Probe(home, first, second, stranger);
          Optional<Behaviour> udp = probe.udp();
          Optional<Behaviour> tcp = probe.tcp();
          System.out.printf("%s: %s%n", kind.label(), Behaviour.text(udp, tcp));
          if (!udp.equals(kind.udp()) || !tcp.equals(Optional.of(kind.tcp()))) {
            throw new ChaosException(
                "it should be: " + Behaviour.text(kind.udp(), Optional.of(kind.tcp())));
          }
          report.add(kind, udp, tcp);
        }
      }
    }
  }
}
