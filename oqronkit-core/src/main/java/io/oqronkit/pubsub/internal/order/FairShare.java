package io.oqronkit.pubsub.internal.order;

import java.util.List;

/** How many partitions each member of a group should own: all the same number, or the longest members one more. */
final class FairShare {

    private FairShare() {}

    /** @param members the longest one first; whoever is not among them owns nothing */
    static int of(String member, List<String> members, int partitions) {
        int rank = members.indexOf(member);
        if (rank < 0) {
            return 0;
        }
        return partitions / members.size() + (rank < partitions % members.size() ? 1 : 0);
    }
}
