package io.oqronkit.pubsub.spring;

import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** What a person would read below "APPLICATION FAILED TO START": the analyzers that are registered, in Boot's order. */
final class StartFailure {

    private StartFailure() {}

    static String of(ApplicationContextRunner runner) {
        String[] text = new String[1];
        runner.run(context -> {
            if (context.getStartupFailure() == null) {
                throw new AssertionError("the application started");
            }
            text[0] = analyze(context.getStartupFailure());
        });
        return text[0];
    }

    private static String analyze(Throwable failure) {
        ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
                .and(Environment.class, new StandardEnvironment());
        FailureHandler optionalLibraryMissing = FailureHandler.handleMessage((message, error) -> {});
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, arguments, optionalLibraryMissing);
        FailureAnalysis analysis = analyzers.stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no analysis", failure));
        return analysis.getDescription() + "\n" + analysis.getAction();
    }
}
