package io.oqronkit.pubsub;

/** What becomes of a message of an ordered group once its retries are used up. */
public enum AfterRetries {
    /** It becomes a dead letter (or is dropped and counted, where there are none), and the next message follows. The default. */
    DEAD_LETTER,
    /**
     * Its partition stops for the group, in every process, and says which message it was, until somebody decides:
     * {@link TopicAdmin#resume(String)} tries it again, {@link TopicAdmin#skip(String, MessageId)} passes over it. Only
     * for {@link ConsumerMode#EXCLUSIVE} and {@link ConsumerMode#KEY_ORDERED}.
     */
    HALT
}
