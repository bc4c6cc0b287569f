package dev.warren.libp2p;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import dev.warren.libp2p.host.HostBuilder;

/** The arrows of docs/architecture.md. */
@AnalyzeClasses(
    packages = "dev.warren.libp2p",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.warren.libp2p.";

  @ArchTest
  static final ArchRule packagesDependDownwardOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("multiformats")
          .definedBy(ROOT + "multiformats..")
          .layer("identity")
          .definedBy(ROOT + "identity..")
          .layer("transport")
          .definedBy(ROOT + "transport", ROOT + "transport.tcp..", ROOT + "transport.memory..")
          // Secures by itself, so it stands above what secures.
          .layer("quic")
          .definedBy(ROOT + "transport.quic..")
          .layer("security")
          .definedBy(ROOT + "security..")
          .layer("mux")
          .definedBy(ROOT + "mux..")
          .layer("negotiate")
          .definedBy(ROOT + "negotiate..")
          .layer("discovery")
          .definedBy(ROOT + "discovery..")
          .layer("host")
          .definedBy(ROOT + "host..")
          .layer("protocol")
          .definedBy(ROOT + "protocol..")
          .layer("nat")
          .definedBy(ROOT + "nat..")
          .layer("dht")
          .definedBy(ROOT + "dht..")
          .whereLayer("identity")
          .mayOnlyAccessLayers("multiformats")
          .whereLayer("multiformats")
          .mayNotAccessAnyLayer()
          .whereLayer("transport")
          .mayOnlyAccessLayers("multiformats", "identity")
          .whereLayer("quic")
          .mayOnlyAccessLayers("multiformats", "identity", "transport", "security")
          .whereLayer("security")
          .mayOnlyAccessLayers("multiformats", "identity", "transport")
          .whereLayer("mux")
          .mayOnlyAccessLayers("multiformats", "identity", "transport")
          .whereLayer("negotiate")
          .mayOnlyAccessLayers("multiformats", "transport")
          .whereLayer("discovery")
          .mayOnlyAccessLayers("multiformats", "identity", "transport")
          .whereLayer("host")
          .mayOnlyAccessLayers(
              "multiformats", "identity", "transport", "security", "mux", "negotiate")
          .whereLayer("protocol")
          .mayOnlyAccessLayers("multiformats", "identity", "transport", "host")
          .whereLayer("dht")
          .mayOnlyAccessLayers("multiformats", "identity", "transport", "host")
          // The composition root gives every host the protocols that belong to it.
          .ignoreDependency(
              JavaClass.Predicates.belongToAnyOf(HostBuilder.class),
              DescribedPredicate.alwaysTrue());

  /** The shapes of the stack and what implements them may not know each other both ways. */
  @ArchTest
  static final ArchRule transportShapesDoNotKnowTheirImplementations =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "transport")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "transport.*..");

  @ArchTest
  static final ArchRule protocolsDoNotKnowEachOther =
      slices().matching(ROOT + "protocol.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule waysThroughNatsDoNotKnowEachOtherBothWays =
      slices().matching(ROOT + "nat.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule protobufStaysInside =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("..pb..")
          .should()
          .notHaveRawReturnType(
              DescribedPredicate.describe(
                  "of protobuf", type -> type.getPackageName().startsWith("com.google.protobuf")))
          .andShould(
              ArchConditions.not(
                  ArchConditions.haveRawParameterTypes(
                      DescribedPredicate.describe(
                          "of protobuf",
                          types ->
                              types.stream()
                                  .anyMatch(
                                      type ->
                                          type.getPackageName().startsWith("com.google.protobuf")
                                              || type.getPackageName().endsWith(".pb"))))));

  @ArchTest
  static final ArchRule nobodySleepsAndNobodyUsesMonitors =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Object.class, "wait")
          .orShould()
          .callMethod(Object.class, "notifyAll");

  @ArchTest
  static final ArchRule locksAreReentrantLocks =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("..pb..")
          .should()
          .notHaveModifier(JavaModifier.SYNCHRONIZED);
}
