package io.oqronkit.samples.orders;

/** Something for a person to look at; another attempt would end the same way. */
class SuspectedFraudException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SuspectedFraudException(String message) {
        super(message);
    }
}
