package io.oqronkit.pubsub.internal.deliver;

import java.util.Map;

/** A handler's context as this library sees it; each one that the pipeline makes is one. */
public interface Carried {

    /** What travelled beside the message for this library alone; read anew at each call, for those who trace. */
    Map<String, String> carried();
}
