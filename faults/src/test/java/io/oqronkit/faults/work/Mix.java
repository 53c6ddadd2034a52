package io.oqronkit.faults.work;

import io.oqronkit.faults.work.Task.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Which actions a publisher sends, in percent and each with its amount: {@code poison=5:0,slow=10:300}; what is left is
 * handled at once. The same seed gives the same sequence.
 */
final class Mix {

    private record Share(Action action, int percent, int amount) {}

    private final List<Share> shares = new ArrayList<>();
    private final Random random;
    private final String padding;

    Mix(String text, long seed, int paddingBytes) {
        this.random = new Random(seed);
        this.padding = "x".repeat(paddingBytes);
        for (String share : text.isEmpty() ? new String[0] : text.split(",")) {
            String[] parts = share.split("[=:]");
            shares.add(new Share(
                    Action.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2])));
        }
    }

    Task next(String id) {
        int point = random.nextInt(100);
        for (Share share : shares) {
            point -= share.percent();
            if (point < 0) {
                return new Task(id, share.action(), share.amount(), padding);
            }
        }
        return new Task(id, Action.NOTHING, 0, padding);
    }
}
