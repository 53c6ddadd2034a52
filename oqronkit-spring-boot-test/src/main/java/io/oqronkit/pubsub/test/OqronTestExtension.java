package io.oqronkit.pubsub.test;

import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.beans.factory.annotation.ParameterResolutionDelegate;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.test.context.support.TestConstructorUtils;

/** Gives each test a fresh start, and the probe to parameters that Spring does not fill. */
final class OqronTestExtension implements BeforeEachCallback, ParameterResolver {

    @Override
    public void beforeEach(ExtensionContext context) {
        ApplicationContext application = SpringExtension.getApplicationContext(context);
        application.getBeanProvider(FreshTopics.class).ifAvailable(FreshTopics::empty);
        application.getBean(Seen.class).begin();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PubSubProbe.class && !isSprings(parameter, context);
    }

    /** JUnit refuses two resolvers for one parameter. */
    private static boolean isSprings(ParameterContext context, ExtensionContext test) {
        Parameter parameter = context.getParameter();
        Executable executable = parameter.getDeclaringExecutable();
        return ParameterResolutionDelegate.isAutowirable(parameter, context.getIndex())
                || TestConstructorUtils.isAutowirableConstructor(
                        executable, name -> test.getConfigurationParameter(name).orElse(null));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return SpringExtension.getApplicationContext(context).getBean(PubSubProbe.class);
    }
}
