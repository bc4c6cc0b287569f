package dev.warren.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The command stands on what any program may use of the stack, not on its inside. */
@AnalyzeClasses(packages = "dev.warren.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule onlyThePublicFaceOfTheStackIsUsed =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.slf4j..",
              "ch.qos.logback..",
              "picocli..",
              "org.jline..",
              "com.google.zxing..",
              "dev.warren.cli..",
              "dev.warren.node",
              "dev.warren.node.store",
              "dev.warren.relay",
              "dev.warren.sharecodes",
              "dev.warren.protocols.transfer.manifest",
              "dev.warren.protocols.transfer.names",
              "dev.warren.libp2p.multiformats",
              "dev.warren.libp2p.identity",
              "dev.warren.libp2p.transport",
              "dev.warren.libp2p.security",
              "dev.warren.libp2p.negotiate",
              "dev.warren.libp2p.host",
              "dev.warren.libp2p.dht",
              "dev.warren.libp2p.dht.record",
              "dev.warren.libp2p.dht.routing",
              "dev.warren.libp2p.nat.reachability",
              "dev.warren.libp2p.nat.relay",
              "dev.warren.libp2p.protocol..");

  @ArchTest
  static final ArchRule onlyTheLogKnowsTheLoggingLibrary =
      noClasses()
          .that()
          .haveNameNotMatching(".*Log(Configuration)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ch.qos.logback..")
          .because("commands without a node never load it");

  @ArchTest
  static final ArchRule nothingSleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
