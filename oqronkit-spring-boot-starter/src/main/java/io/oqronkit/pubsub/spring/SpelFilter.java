package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.HeaderFilter;
import io.oqronkit.pubsub.MessageFilter;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.ParseException;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.DataBindingPropertyAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * A filter as a SpEL expression: root is the payload, {@code #headers} and {@code #key} stand beside it. It only reads:
 * what the evaluation would refuse for every message (methods, types, beans, assignments) is refused when it is parsed.
 * Safe for concurrent use.
 */
final class SpelFilter implements MessageFilter<Object> {

    private static final Set<Class<? extends SpelNode>> FORBIDDEN = Set.of(
            MethodReference.class,
            FunctionReference.class,
            ConstructorReference.class,
            TypeReference.class,
            BeanReference.class,
            Assign.class,
            OpInc.class,
            OpDec.class);
    private static final Set<Class<? extends SpelNode>> ROOTED =
            Set.of(PropertyOrFieldReference.class, Indexer.class, Selection.class, Projection.class);
    private static final Set<String> ROOT_VARIABLES = Set.of("#root", "#this");
    private static final Set<String> VARIABLES = Set.of("#headers", "#key", "#root", "#this");

    /** Shared, since they remember how each type is read. */
    private static final PropertyAccessor[] READERS = {new MapReader(), DataBindingPropertyAccessor.forReadOnlyAccess()
    };

    private final SpelExpression expression;

    private SpelFilter(SpelExpression expression) {
        this.expression = expression;
    }

    /** @throws IllegalArgumentException naming the position and what is allowed */
    static SpelFilter parse(String text) {
        try {
            SpelExpression expression = new SpelExpressionParser().parseRaw(text);
            checkReadsOnly(expression.getAST());
            return new SpelFilter(expression);
        } catch (ParseException e) {
            throw new IllegalArgumentException(
                    "it does not parse at position %d: %s".formatted(e.getPosition(), e.getSimpleMessage()), e);
        }
    }

    private static void checkReadsOnly(SpelNode node) {
        String text = node.toStringAST();
        if (FORBIDDEN.contains(node.getClass())) {
            throw new IllegalArgumentException(
                    "'%s' at position %d is not allowed: a filter reads properties and compares them, without methods, types, beans or assignments"
                            .formatted(text, node.getStartPosition()));
        }
        if (node instanceof VariableReference && !VARIABLES.contains(text)) {
            throw new IllegalArgumentException("'%s' at position %d is unknown: there are #headers and #key"
                    .formatted(text, node.getStartPosition()));
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            checkReadsOnly(node.getChild(i));
        }
    }

    /** False if {@code #headers} and {@code #key} are all it looks at; true as well where that is not plain to see. */
    boolean readsPayload() {
        return readsRoot(expression.getAST());
    }

    private static boolean readsRoot(SpelNode node) {
        if (ROOTED.contains(node.getClass())) {
            return true;
        }
        if (node instanceof VariableReference) {
            return ROOT_VARIABLES.contains(node.toStringAST());
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            boolean navigates = i > 0 && node instanceof CompoundExpression;
            if (navigates ? !(node.getChild(i) instanceof PropertyOrFieldReference) : readsRoot(node.getChild(i))) {
                return true;
            }
        }
        return false;
    }

    /** For one that does not read the payload. */
    HeaderFilter ofHeaders() {
        return (key, headers) -> evaluate(null, key, headers);
    }

    @Override
    public boolean accepts(Object payload, @Nullable String key, Map<String, String> headers) {
        return evaluate(payload, key, headers);
    }

    private boolean evaluate(@Nullable Object payload, @Nullable String key, Map<String, String> headers) {
        SimpleEvaluationContext context = SimpleEvaluationContext.forPropertyAccessors(READERS)
                .withAssignmentDisabled()
                .build();
        context.setVariable("headers", headers);
        context.setVariable("key", key);
        if (expression.getValue(context, payload) instanceof Boolean accepted) {
            return accepted;
        }
        throw new IllegalStateException(
                "filter '%s' gave neither true nor false".formatted(expression.getExpressionString()));
    }
}
