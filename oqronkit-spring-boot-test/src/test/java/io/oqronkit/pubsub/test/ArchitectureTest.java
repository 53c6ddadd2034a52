package io.oqronkit.pubsub.test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module may touch, and what of it tests may. */
class ArchitectureTest {

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.oqronkit.pubsub.test");

    @Test
    void knowsOnlyTheApiOfTheCoreAndNothingOfTheStarter() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.oqronkit.pubsub.internal..", "io.oqronkit.pubsub.runtime..", "io.oqronkit.pubsub.spring..")
                .check(MODULE);
    }

    @Test
    void showsOnlyWhatTestsNeed() {
        classes()
                .that()
                .arePublic()
                .should()
                .haveSimpleName("OqronTest")
                .orShould()
                .haveSimpleName("PubSubProbe")
                .orShould()
                .haveSimpleName("AwaitedTopic")
                .orShould()
                .haveSimpleName("AwaitedGroup")
                .check(MODULE);
    }
}
