package io.oqronkit.pubsub;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom (design.md §5, style.md rule 3). */
class ArchitectureTest {

    private static final String ROOT = "io.oqronkit.pubsub";
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final DescribedPredicate<JavaClass> BUILDER =
            DescribedPredicate.describe("the builder", type -> type.isEquivalentTo(OqronPubSub.class));

    /** What an application may change about traces is Micrometer's by nature; it knows nothing else. */
    private static final DescribedPredicate<JavaClass> CONVENTIONS = resideInAPackage(ROOT + ".observation");

    /** Which internals a package may use besides itself; a package that is not named here fails the test below. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("internal.json", Set.of()),
            entry("internal.redis", Set.of()),
            entry(
                    "internal.observe",
                    Set.of("observation", "internal.admin", "internal.deliver", "internal.publish", "internal.redis")),
            entry("internal.publish", Set.of("internal.redis", "internal.json")),
            entry("internal.deliver", Set.of("internal.redis", "internal.json")),
            entry("internal.read", Set.of("internal.deliver", "internal.redis")),
            entry("internal.order", Set.of("internal.read", "internal.deliver", "internal.redis")),
            entry("internal.reclaim", Set.of("internal.deliver", "internal.redis")),
            entry("internal.shadow", Set.of("internal.deliver")),
            entry("internal.admin", Set.of("internal.redis", "internal.json")),
            entry("internal.retain", Set.of("internal.redis", "internal.json")),
            entry("internal.schedule", Set.of("internal.redis")));

    @Test
    void theApiKnowsOnlyTheJdkAndItself() {
        classes()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(ROOT, "java..", "org.jspecify.annotations"))
                .check(CORE);
    }

    @Test
    void theConventionsKnowOnlyTheApiAndMicrometer() {
        classes()
                .that(CONVENTIONS)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT, ROOT + ".observation", "java..", "org.jspecify.annotations", "io.micrometer.."))
                .check(CORE);
    }

    @ParameterizedTest
    @CsvSource({"io.lettuce.., internal.redis", "tools.jackson.., internal.json", "io.micrometer.., internal.observe"})
    void aLibraryHasOnePackageThatKnowsItAndTheBuilder(String library, String home) {
        noClasses()
                .that(not(resideInAPackage(ROOT + "." + home))
                        .and(not(CONVENTIONS))
                        .and(not(BUILDER)))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(CORE);
    }

    @Test
    void theCoreDoesNotKnowSpring() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("org.springframework.."))
                .check(CORE);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void everyInternalPackageHasItsPlaceInTheLayers() {
        Set<String> packages = new TreeSet<>();
        CORE.forEach(type -> packages.add(type.getPackageName()));
        packages.removeIf(name -> !name.startsWith(ROOT + ".internal."));

        assertThat(packages.stream().map(name -> name.substring(ROOT.length() + 1)))
                .isSubsetOf(MAY_USE.keySet());
    }

    @Test
    void internalsKnowOnlyTheLayersBelow() {
        MAY_USE.forEach((layer, below) -> {
            String[] allowed = java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(ROOT, ROOT + "." + layer),
                            below.stream().map(name -> ROOT + "." + name))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + layer)
                    .should()
                    .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                    .check(CORE);
        });
    }

    @Test
    void onlyTheRuntimeWiresInternals() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".runtime", ROOT + ".internal..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".internal.."))
                .check(CORE);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".internal..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".runtime.."))
                .check(CORE);
    }

    /** What is public there is ours to support. */
    @Test
    void theRuntimeShowsNothingButTheBuilder() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".runtime")
                .and()
                .haveModifier(JavaModifier.PUBLIC)
                .and()
                .areTopLevelClasses()
                .should()
                .be(OqronPubSub.class)
                .check(CORE);
    }

    @Test
    void classesAreFinal() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .and(not(resideInAPackage("java..")))
                .and(DescribedPredicate.describe(
                        "are no base of other classes, no enum constant bodies",
                        type -> type.getSubclasses().isEmpty() && !type.isEnum() && !type.isAnonymousClass()))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CORE);
    }
}
