package io.oqronkit.pubsub.internal.admin;

import io.oqronkit.pubsub.Redrive;
import io.oqronkit.pubsub.RedriveResult;
import io.oqronkit.pubsub.internal.redis.DeadLetterSteps;
import io.oqronkit.pubsub.internal.redis.DeadLetterSteps.StoredDeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One redrive on its way: chooses page by page, moves at the given rate, and counts. One use, on the caller's thread. */
final class RedriveRun {

    private static final int PAGE = 100;
    private static final String BEGINNING = "0-0";
    private static final double SLICES_PER_SECOND = 10;

    private final Redrive redrive;
    private final int maxRedrives;
    private final double perSecond;
    private final int slice;
    private final long startNanos = System.nanoTime();
    private long moved;
    private long skipped;
    private long parked;

    RedriveRun(Redrive redrive, int maxRedrives) {
        this.redrive = redrive;
        this.maxRedrives = maxRedrives;
        this.perSecond = redrive.perSecond().orElse(Double.POSITIVE_INFINITY);
        this.slice = (int) Math.max(1, Math.min(PAGE, perSecond / SLICES_PER_SECOND));
    }

    /** @param last the last dead letter to look at */
    void over(DeadLetterSteps partition, String group, String last) {
        String after = BEGINNING;
        List<StoredDeadLetter> page;
        do {
            if (isOver()) {
                return;
            }
            page = partition.page(group, after, last, PAGE);
            move(partition, group, choose(page));
            after = page.isEmpty() ? last : page.get(page.size() - 1).entry();
        } while (page.size() == PAGE);
    }

    private List<String> choose(List<StoredDeadLetter> page) {
        List<String> chosen = new ArrayList<>(page.size());
        for (StoredDeadLetter one : page) {
            if (moved + chosen.size() >= limit()) {
                break;
            }
            if (one.redrives() >= maxRedrives) {
                parked++;
            } else if (redrive.chooses(GroupDeadLetters.decoded(one))) {
                chosen.add(one.entry());
            } else {
                skipped++;
            }
        }
        return chosen;
    }

    private void move(DeadLetterSteps partition, String group, List<String> chosen) {
        for (int from = 0; from < chosen.size(); from += slice) {
            awaitTurn();
            if (isOver()) {
                return;
            }
            List<String> next = chosen.subList(from, Math.min(from + slice, chosen.size()));
            long found = partition.redrive(group, next);
            moved += found;
            skipped += next.size() - found;
        }
    }

    /** The next one's turn is when all before it have had their time. */
    private void awaitTurn() {
        long dueNanos = startNanos + (long) (moved / perSecond * TimeUnit.SECONDS.toNanos(1));
        try {
            TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOver() {
        return moved >= limit() || Thread.currentThread().isInterrupted();
    }

    private long limit() {
        return redrive.limit().orElse(Long.MAX_VALUE);
    }

    RedriveResult result() {
        return new RedriveResult(moved, skipped, parked);
    }
}
