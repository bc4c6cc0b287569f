package dev.warren.relay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A relay stands on what any program may use of the node and the stack. */
@AnalyzeClasses(packages = "dev.warren.relay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule onlyThePublicFacesAreUsed =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.sun.net.httpserver",
              "org.jspecify..",
              "org.slf4j..",
              "dev.warren.relay",
              "dev.warren.node",
              "dev.warren.node.store",
              "dev.warren.protocols.transfer.content",
              "dev.warren.libp2p.multiformats",
              "dev.warren.libp2p.identity",
              "dev.warren.libp2p.transport",
              "dev.warren.libp2p.host",
              "dev.warren.libp2p.dht",
              "dev.warren.libp2p.nat..");

  @ArchTest
  static final ArchRule nothingSleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
