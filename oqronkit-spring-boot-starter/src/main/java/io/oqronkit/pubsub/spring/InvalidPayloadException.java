package io.oqronkit.pubsub.spring;

import java.util.stream.Collectors;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * As Spring's, but its message names fields and rules only. Spring's holds the values too, and messages of exceptions go into
 * logs and dead letters.
 */
final class InvalidPayloadException extends MethodArgumentNotValidException {

    private static final long serialVersionUID = 1L;

    private final String text;

    /** @param result of the validation */
    InvalidPayloadException(Message<?> message, MethodArgumentNotValidException spring, BindingResult result) {
        super(message, spring.getMethodParameter(), result);
        this.text = "the payload is not valid: "
                + result.getAllErrors().stream()
                        .map(InvalidPayloadException::text)
                        .collect(Collectors.joining("; "));
    }

    private static String text(ObjectError error) {
        return error instanceof FieldError field
                ? field.getField() + ": " + field.getDefaultMessage()
                : String.valueOf(error.getDefaultMessage());
    }

    @Override
    public String getMessage() {
        return text;
    }
}
