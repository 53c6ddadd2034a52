package io.oqronkit.pubsub.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the starter may touch, and what of it others may. */
class ArchitectureTest {

    private static final JavaClasses STARTER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.oqronkit.pubsub.spring");

    @Test
    void knowsOnlyTheApiAndTheBuilderOfTheCore() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.oqronkit.pubsub.internal..")
                .check(STARTER);
    }

    @Test
    void onlyTheClientKnowsLettuce() {
        noClasses()
                .that()
                .doNotHaveSimpleName("PubSubRedisClient")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(STARTER);
    }

    @Test
    void showsOnlyWhatUsersNeed() {
        classes()
                .that()
                .arePublic()
                .should()
                .haveSimpleName("OqronSubscriber")
                .orShould()
                .haveSimpleName("OqronRedis")
                .orShould()
                .haveSimpleName("PubSubCustomizer")
                .orShould()
                .haveSimpleName("TransactionalPublisher")
                .orShould()
                .haveSimpleName("OqronSubscriberRegistry")
                .orShould()
                .haveSimpleNameEndingWith("AutoConfiguration")
                .check(STARTER);
    }
}
