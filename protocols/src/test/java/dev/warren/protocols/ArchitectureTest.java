package dev.warren.protocols;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;

/** The arrows of docs/architecture.md. */
@AnalyzeClasses(
    packages = "dev.warren.protocols",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String TRANSFER = "dev.warren.protocols.transfer.";

  @ArchTest
  static final ArchRule transferDependsDownwardOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("content")
          .definedBy(TRANSFER + "content..")
          .layer("names")
          .definedBy(TRANSFER + "names..")
          .layer("manifest")
          .definedBy(TRANSFER + "manifest..")
          .layer("session")
          .definedBy(TRANSFER + "session..")
          .layer("serve")
          .definedBy(TRANSFER + "serve..")
          .layer("fetch")
          .definedBy(TRANSFER + "fetch..")
          .whereLayer("content")
          .mayNotAccessAnyLayer()
          .whereLayer("names")
          .mayNotAccessAnyLayer()
          .whereLayer("manifest")
          .mayOnlyAccessLayers("content", "names")
          .whereLayer("session")
          .mayOnlyAccessLayers("content", "manifest")
          .whereLayer("serve")
          .mayOnlyAccessLayers("content", "manifest", "session")
          .whereLayer("fetch")
          .mayOnlyAccessLayers("content", "manifest", "session", "serve");

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
