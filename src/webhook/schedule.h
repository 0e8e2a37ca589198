/* schedule.h - when a subscriber who did not take an event is told again. Pure. */
#pragma once
#include <stdint.h>

enum { SCHEDULE_PAUSES_MOST = 16, SCHEDULE_PERMILLE = 1001 };

struct schedule { /* the pauses behind the first attempt, the second, ... */
    int64_t pause_ms[SCHEDULE_PAUSES_MOST];
    int64_t count;
};

/* How long to wait after so many attempts; -1: there is none left. random: from 0 to 1000, makes it
 * up to a tenth shorter or longer, so that what failed together does not come back together.
 * retry_after_ms: what the subscriber asked for, heeded up to a day. */
int64_t schedule_next_ms(const struct schedule *schedule, int64_t attempts, int64_t retry_after_ms,
                         unsigned random);
