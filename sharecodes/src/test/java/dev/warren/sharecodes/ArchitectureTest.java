package dev.warren.sharecodes;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Codes are values: what they may know is what a value of theirs is made of. */
@AnalyzeClasses(
    packages = "dev.warren.sharecodes",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ofLibp2pOnlyIdentitiesAndMultiformatsAreUsed =
      classes()
          .should()
          .onlyDependOnClassesThat(
              DescribedPredicate.not(Predicates.resideInAPackage("dev.warren.."))
                  .or(
                      Predicates.resideInAnyPackage(
                          "dev.warren.sharecodes..",
                          "dev.warren.libp2p.multiformats",
                          "dev.warren.libp2p.identity")));

  @ArchTest
  static final ArchRule thereIsNoInputOrOutput =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net.http..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.(io\\.(File|RandomAccess).*|net\\.(.*Socket|URL.*)|lang\\.Thread)");

  @ArchTest
  static final ArchRule theExchangeDoesNotKnowTheCodes =
      noClasses()
          .that()
          .resideInAPackage("dev.warren.sharecodes.pake")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.warren.sharecodes");
}
